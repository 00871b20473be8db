using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Interpretation;

/// <summary>Under which circumstances a list of operations runs.</summary>
/// <param name="Place">The generation, and the loops around it.</param>
/// <param name="IsShielded">Whether a cancellation is not delivered.</param>
/// <param name="Branch">The branch of a fan-out that it is in.</param>
internal readonly record struct Flow(Place Place, bool IsShielded, Branch? Branch)
{
    /// <summary>The main flow of a generation.</summary>
    public static Flow Outermost(int generation) => new(Place.Top(generation), IsShielded: false, Branch: null);
}
