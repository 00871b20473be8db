using System.Reflection;
using System.Text.Json;
using Perdure.Authoring;
using Perdure.Client;
using Perdure.Schedules;

namespace Perdure.Hosting;

/// <summary>Registers the schedules that workflow classes have by their attributes.</summary>
internal static class ScheduledClasses
{
    /// <summary>Registers those of one class; nothing happens the second time.</summary>
    /// <exception cref="InvalidOptionException">A name is taken, or an attribute breaks a rule.</exception>
    public static void Add(PerdureSetup setup, Type workflow)
    {
        if (!workflow.IsDefined(typeof(ScheduleAttribute), inherit: false) || !setup.ScheduledClasses.Add(workflow)) return;
        var attribute = workflow.GetCustomAttribute<WorkflowAttribute>() ?? new WorkflowAttribute();
        var name = attribute.Name ?? Names.OfWorkflow(workflow);
        foreach (var schedule in workflow.GetCustomAttributes<ScheduleAttribute>(inherit: false)) Add(setup, schedule, name, attribute.Version);
    }

    private static void Add(PerdureSetup setup, ScheduleAttribute schedule, string workflow, int version)
    {
        var (name, times, options) = (schedule.Name ?? workflow, schedule.ToTimes(), schedule.ToOptions());
        ScheduleRequest.CheckName(name);
        options.Validate();
        var input = InputOf(schedule, name);
        if (!setup.Schedules.TryAdd(name, (workflows, codec) => ScheduleRequest.ForVersion(name, times, workflow, version, input, options, workflows, codec)))
            throw new InvalidOptionException("[Schedule]", $"The schedule '{name}' is registered twice. Give one another Name.", ErrorCodes.DuplicateRegistration);
    }

    private static JsonElement? InputOf(ScheduleAttribute schedule, string name)
    {
        if (schedule.Input is null) return null;
        try
        {
            return JsonElement.Parse(schedule.Input);
        }
        catch (JsonException e)
        {
            throw new InvalidOptionException("[Schedule]", $"The Input of the schedule '{name}' is no JSON: {e.Message}", inner: e);
        }
    }
}
