namespace Perdure.Torture.Adapter.Programs;

/// <summary>Where a run that goes on as new stands.</summary>
/// <param name="Number">How often it has done so.</param>
/// <param name="H">The witness that this generation begins with.</param>
/// <param name="Run">Id of the first run, under which the world outside knows all of them.</param>
internal sealed record Generation(int Number, string H, string Run);
