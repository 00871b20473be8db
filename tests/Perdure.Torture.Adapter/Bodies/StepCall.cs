using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Bodies;

/// <summary>A step that the workflow asks for.</summary>
/// <param name="Step">What the program says of it.</param>
/// <param name="S">Its qualified id.</param>
/// <param name="In">The witness at the moment of asking.</param>
/// <param name="Activation">Which entry of the workflow's code asks.</param>
/// <param name="IsUndo">Whether it undoes a do-step.</param>
/// <param name="Got">Of the probe of a wait: what the wait got.</param>
internal sealed record StepCall(Operation Step, string S, string In, string Activation, bool IsUndo = false, string? Got = null);
