namespace Perdure.Files.Rows;

/// <summary>What the files say of a run, so that only what is new is written.</summary>
internal sealed class RunCopy
{
    /// <summary>Where the next line of the history begins.</summary>
    public long EventsLength { get; set; }

    /// <summary>The state that was written last.</summary>
    public byte[] State { get; set; } = [];
}
