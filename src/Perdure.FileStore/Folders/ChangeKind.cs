namespace Perdure.Files.Folders;

/// <summary>What is done to one file. Values are stored in the journal.</summary>
internal enum ChangeKind : byte
{
    /// <summary>The file gets this content, whatever it had.</summary>
    Put = 1,
    /// <summary>As <see cref="Put"/>, but nobody reads the file while its folder is owned: it is written when the journal is trimmed, and then only once.</summary>
    PutLater = 2,
    /// <summary>The content stands at the offset, and nothing behind it.</summary>
    Append = 3,
    /// <summary>The file is gone.</summary>
    Delete = 4,
}
