namespace Perdure.Files;

/// <summary>Where the folder is and how it is used. Read once, when the store is created; not thread safe.</summary>
public sealed class FileStoreOptions
{
    /// <summary>Creates options without a folder; set <see cref="Path"/>.</summary>
    public FileStoreOptions() { }

    /// <summary>Creates options for a folder.</summary>
    /// <param name="path">The folder; see <see cref="Path"/>.</param>
    public FileStoreOptions(string path) => Path = path;

    /// <summary>The folder, relative to the current directory. It is created if it is missing. It must be on a local disk, and nobody else may write in it.</summary>
    public string Path { get; set; } = "";

    /// <summary>How long a worker waits for another process that owns the folder, for example for the one that it replaces, before it fails.</summary>
    /// <value>Default: 5 seconds. Must not be negative.</value>
    public TimeSpan OwnerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the result of each step and activity is also written to a file of its own below <c>steps/</c>, for people to read. The engine never reads them.</summary>
    /// <value>Default: true.</value>
    public bool StepCopies { get; set; } = true;

    /// <summary>Whether each hook is also written to a file of its own below <c>hooks/</c>, for people to read; its token is not in it. The engine never reads them.</summary>
    /// <value>Default: true.</value>
    public bool HookCopies { get; set; } = true;

    /// <summary>Whether the store takes the folder as soon as it is initialized, because a worker will use it.</summary>
    internal bool IsOwner { get; set; }

    /// <summary>How long the journal grows before it is trimmed.</summary>
    internal long SegmentLength { get; set; } = 4 * 1024 * 1024;

    /// <summary>Whether commits wait for the disk; tests that do not ask what survives a power failure need not.</summary>
    internal bool Flushes { get; set; } = true;

    /// <summary>Throws unless every value can be used.</summary>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path)) throw new ArgumentException("No folder is named. Set FileStoreOptions.Path, or use UseFile(\"runs\").");
        if (OwnerTimeout < TimeSpan.Zero) throw new ArgumentException($"OwnerTimeout is {OwnerTimeout}; it must not be negative.");
    }
}
