namespace Perdure.Files.Folders;

/// <summary>What a failure of the file system means for a store call.</summary>
internal static class Faults
{
    // Numbers of the operating systems: no room, quota, file too large, read-only, no right.
    private static readonly int[] NoWrites = [28, 122, 69, 27, 30, 13, 1, unchecked((int)0x80070070), unchecked((int)0x80070027), unchecked((int)0x80070013)];

    public static bool IsOfDisk(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>The call has certainly changed nothing.</summary>
    public static StoreException Refused(string what, string path, Exception e)
    {
        var full = e is UnauthorizedAccessException || NoWrites.Contains(e.HResult);
        return full
            ? new(StoreFault.Unwritable, $"The file store cannot {what} in '{path}': {e.Message} Make room or correct the rights; the store goes on by itself.", e)
            : new(StoreFault.Transient, $"The file store cannot {what} in '{path}': {e.Message}", e);
    }

    /// <summary>The call may have changed something.</summary>
    public static StoreException Unknown(string what, string path, Exception e) =>
        new(StoreFault.Unknown, $"The file store does not know whether it could {what} in '{path}': {e.Message}", e);
}
