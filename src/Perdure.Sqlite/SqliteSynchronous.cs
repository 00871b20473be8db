namespace Perdure.Sqlite;

/// <summary>What a commit waits for before it is acknowledged.</summary>
public enum SqliteSynchronous
{
    /// <summary>
    /// Every commit waits until the disk has it. Nothing that was acknowledged is lost, neither by the death of the process nor by a power
    /// failure.
    /// </summary>
    Full = 0,

    /// <summary>
    /// Commits are handed to the operating system and reach the disk at the next checkpoint. The death of a process loses nothing; a power
    /// failure or a crash of the operating system may lose the last commits, though the file stays consistent.
    /// </summary>
    Normal = 1,
}
