namespace Perdure.Torture.Workload;

/// <summary>What the clients of one program did, and what they were told. Written by one script.</summary>
internal sealed class RunRecord(GeneratedProgram program)
{
    public GeneratedProgram Program { get; } = program;

    public string Key => "K-" + Program.Name;

    /// <summary>Ids that starts were answered with.</summary>
    public List<string> Ids { get; } = [];

    /// <summary>Starts that were answered as new.</summary>
    public int Creations { get; set; }

    /// <summary>Whether its first signal started it.</summary>
    public bool IsSignalledStart { get; set; }

    /// <summary>Message ids in the order in which they were sent, one after the other, with what was answered.</summary>
    public List<SentSignal> Signals { get; } = [];

    /// <summary>Whether a cancellation was answered with "recorded".</summary>
    public bool IsCancelRecorded { get; set; }

    /// <summary>The state that a refused cancellation was answered with.</summary>
    public string? StateAtCancel { get; set; }
}
