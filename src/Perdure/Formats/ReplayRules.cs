namespace Perdure.Formats;

/// <summary>The rules by which a history is read back into a run. A run keeps the number that it was born with.</summary>
/// <remarks>
/// 1: the first. 2: what the code of a pipeline's step asks for is recorded with the step's name as its place, and is compared with it.
/// 3: what an attempt of the workflow takes over from the one before counts as asked for by it: <c>CurrentStep</c> names it, and a child that is waited for again is no further child.
/// </remarks>
internal static class ReplayRules
{
    /// <summary>The rules that new runs get.</summary>
    public const int Current = 3;

    /// <summary>The first rules under which operations are recorded with their place.</summary>
    public const int Places = 2;

    /// <summary>The first rules under which what is taken over is named as asked for, and counted once.</summary>
    public const int TakenOver = 3;

    /// <summary>Whether this build can replay a run.</summary>
    public static bool Knows(int rules) => rules is >= 1 and <= Current;
}
