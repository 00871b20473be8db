namespace Perdure.Torture.Records;

/// <summary>Something that was done to a process.</summary>
internal sealed class Fault
{
    public required FaultKind Kind { get; init; }

    /// <summary>The process, by its boot id.</summary>
    public string? Boot { get; init; }

    public string? Worker { get; init; }

    public DateTime At { get; set; }

    /// <summary>When it was over.</summary>
    public DateTime? End { get; set; }

    /// <summary>Of a process that ended by itself.</summary>
    public int? ExitCode { get; set; }

    /// <summary>Whether a worker that was asked to stop took too long.</summary>
    public bool IsLate { get; set; }
}
