namespace Perdure.Authoring;

/// <summary>A registered undo that has not run.</summary>
/// <param name="Name">Its name in the history.</param>
/// <param name="Body">Its code.</param>
/// <param name="Options">Retry, timeout; null for the defaults.</param>
/// <param name="Source">Where it was registered.</param>
/// <param name="Step">What it undoes; null when nothing had completed before.</param>
internal sealed record Undo(string Name, StepBody<Unit> Body, StepOptions? Options, SourceLine Source, CompletedStep? Step);

/// <summary>A step or an activity whose outcome the code has just seen.</summary>
/// <param name="Operation">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Attempts">How many attempts it took.</param>
internal sealed record CompletedStep(int Operation, string Name, int Attempts);
