namespace Perdure.Formats;

/// <summary>The rules by which a history is read back into a run. A run keeps the number that it was born with.</summary>
internal static class ReplayRules
{
    /// <summary>The rules that new runs get.</summary>
    public const int Current = 1;
}
