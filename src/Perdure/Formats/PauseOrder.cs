namespace Perdure.Formats;

/// <summary>An order to stand still, as it is posted and recorded.</summary>
/// <param name="Reason">For people; may be null.</param>
/// <param name="By">Who asked; may be null.</param>
/// <param name="Interrupt">Whether steps that run are interrupted.</param>
internal sealed record PauseOrder(string? Reason, string? By, bool Interrupt);
