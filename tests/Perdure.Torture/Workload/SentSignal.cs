namespace Perdure.Torture.Workload;

/// <summary>A signal that was sent.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mid">Its message id.</param>
/// <param name="Refused">Why it was refused; null: it was accepted.</param>
internal sealed record SentSignal(string Name, string Mid, string? Refused);
