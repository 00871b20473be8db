namespace Perdure;

/// <summary>Who drives the runs of a process with <c>AddPerdure</c>.</summary>
public enum PerdureRuntime
{
    /// <summary>A worker that lives as long as its host; everything happens by itself.</summary>
    InProcess = 0,
    /// <summary>
    /// Nobody: a start drives its run until it has ended or waits, and <see cref="IPerdureClient.ResumeAsync"/> drives it again. Before it is due, that changes nothing. For scripts and tests.
    /// </summary>
    Manual = 1,
    /// <summary>Nobody but <see cref="IPerdurePump"/>.</summary>
    Pump = 2,
}
