using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Upkeep;

/// <summary>Copies of the database as it is at one instant, made while everybody works.</summary>
internal sealed class Copies(string path)
{
    /// <exception cref="StoreException">The file is there already, or the disk does not take the copy.</exception>
    public void Write(string target)
    {
        var whole = Path.GetFullPath(target);
        if (File.Exists(whole)) throw new StoreException(StoreFault.Unwritable, $"{whole} is there already, and a backup overwrites nothing. Name another file, or remove it.");
        // Nobody finds half a copy under the name that was asked for.
        var part = whole + ".part";
        try
        {
            File.Delete(part);
            using (var db = Connection.Open(path, create: false, pragmas: "", new Health()))
            {
                db.Action = "copy the database";
                using var copy = db.Prepare("VACUUM INTO ?1");
                copy.Bind(1, part).Run();
            }
            using (var file = File.OpenHandle(part, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(file);
            File.Move(part, whole, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFault.Unwritable, $"The backup {whole} cannot be written: {e.Message}", e);
        }
    }
}
