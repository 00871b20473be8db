using Perdure.Authoring;

namespace Perdure.Formats;

/// <summary>Data of a CompensationStarted event: what will be undone, in that order, and because of what.</summary>
/// <param name="Cause">Code of the failure.</param>
/// <param name="Undos">Names of the undos.</param>
internal sealed record CompensationPlan(string Cause, IReadOnlyList<string> Undos)
{
    public static CompensationPlan Of(Exception failure, Undo[] undos) => new(Failure.From(failure).Code, Array.ConvertAll(undos, static undo => undo.Name));
}
