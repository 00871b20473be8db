namespace Perdure.Storage;

/// <summary>A request that goes to the run that goes on in its run's place.</summary>
/// <param name="From">The operation under which its run has it.</param>
/// <param name="To">The operation under which the other run will have it; free there.</param>
public readonly record struct RequestMove(int From, int To);
