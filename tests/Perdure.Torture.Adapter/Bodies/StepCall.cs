using System.Text.Json.Serialization;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Bodies;

/// <summary>A step that the workflow asks for; the input of one that runs as an activity.</summary>
/// <param name="Run">The run, by the id under which the world outside knows it.</param>
/// <param name="Step">What the program says of it.</param>
/// <param name="S">Its qualified id.</param>
/// <param name="In">The witness at the moment of asking.</param>
/// <param name="Activation">Which entry of the workflow's code asks.</param>
/// <param name="IsUndo">Whether it undoes a do-step.</param>
/// <param name="Got">Of the probe of a wait: what the wait got.</param>
/// <param name="Cron">Of the first step of a run that a schedule has started: by what.</param>
internal sealed record StepCall(
    string Run, Operation Step, string S, string In, string Activation, bool IsUndo = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Got = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CronStart? Cron = null);
