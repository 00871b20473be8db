using Perdure.Files.Folders;
using Perdure.Files.Rows;

namespace Perdure.Files.Owning;

/// <summary>Creates a folder's layout, or refuses one that this build cannot use.</summary>
internal static class FolderSetup
{
    /// <exception cref="StoreException">There is no store and <paramref name="create"/> is false, it is of a newer version, everybody may write in it, or it cannot be created.</exception>
    public static void Prepare(string root, bool create)
    {
        try
        {
            var format = Path.Combine(root, Layout.Format);
            if (!File.Exists(format))
            {
                if (!create) throw new StoreException(StoreFault.Schema, $"There is no file store in '{root}'. Switch AutoMigrate on to create one.");
                Create(root);
                // Several processes may do this at once: all of them write the same.
                Disk.Replace(format, StoreJson.Write(new FormatDocument(FormatDocument.Current)), durably: true);
                Disk.FlushFolder(root);
            }
            var found = StoreJson.Read<FormatDocument>(File.ReadAllBytes(format), format);
            if (found.Format > FormatDocument.Current && (found.Oldest ?? found.Format) > FormatDocument.Current)
                throw new StoreException(StoreFault.Schema,
                    $"The file store in '{root}' has version {found.Format}, which builds may work on that know version {found.Oldest ?? found.Format}, and this build reads up to {FormatDocument.Current}. Update the Perdure.FileStore package.");
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(root).HasFlag(UnixFileMode.OtherWrite))
                throw new StoreException(StoreFault.Unwritable, $"Everybody may write in '{root}', so what is there cannot be trusted. Take that right away: chmod o-w.");
            Create(root);
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            throw Faults.Refused("open its folder", root, e);
        }
    }

    private static void Create(string root)
    {
        Disk.CreateFolder(root);
        foreach (var folder in Layout.Folders) Disk.CreateFolder(Path.Combine(root, folder));
    }
}
