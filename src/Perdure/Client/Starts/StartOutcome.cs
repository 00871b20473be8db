namespace Perdure;

/// <summary>What became of one start of several. Immutable.</summary>
/// <param name="Run">The run that was created, or that holds the key or id: <see cref="RunHandle.WasCreated"/> says which.</param>
/// <param name="Refusal">
/// Why the key or id did not serve: what <see cref="IPerdureClient.StartAsync{TIn}"/> would have thrown, a <see cref="KeyConflictException"/> or an <see cref="AlreadyExistsException"/>. Null when
/// <paramref name="Run"/> is what was asked for.
/// </param>
public sealed record StartOutcome(RunHandle Run, PerdureException? Refusal);
