using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Interpretation;

/// <summary>Under which circumstances a list of operations runs.</summary>
/// <param name="Place">The loops around it.</param>
/// <param name="IsShielded">Whether a cancellation is not delivered.</param>
/// <param name="Branch">The branch of a fan-out that it is in.</param>
internal readonly record struct Flow(Place Place, bool IsShielded, Branch? Branch)
{
    public static Flow Main => new(Place.Top, IsShielded: false, Branch: null);
}
