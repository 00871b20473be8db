namespace Perdure.Storage;

/// <summary>Answer to a start with a signal.</summary>
/// <param name="Birth">What became of the start.</param>
/// <param name="Signal">What became of the signal; null when there is no run that it could have been sent to.</param>
public sealed record SignalledStart(BirthOutcome Birth, PostOutcome? Signal);
