namespace Perdure.Simulation;

/// <summary>How a process is called that works on request only.</summary>
/// <param name="Budget">How long one call may work.</param>
/// <param name="Every">How long after a call the next one comes.</param>
/// <param name="OneRun">Whether every second call is for one run, as of somebody who drives it.</param>
internal sealed record Rounds(TimeSpan Budget, TimeSpan Every, bool OneRun = false);
