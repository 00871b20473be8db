using Perdure;
using Perdure.Authoring;
using Perdure.Client;
using Perdure.Hosting;
using Perdure.Schedules;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers schedules. They are created or brought up to date when the worker starts; an operator's pause and resume stay.</summary>
public static class PerdureBuilderScheduleExtensions
{
    /// <summary>Registers a schedule.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">Its name, 1 to 150 characters.</param>
    /// <param name="times">When it is due.</param>
    /// <param name="workflow">What it starts.</param>
    /// <param name="input">Input of every run.</param>
    /// <param name="options">Options; null for none.</param>
    /// <exception cref="InvalidOptionException">The name is taken, or it or an option breaks a rule.</exception>
    public static IPerdureBuilder AddSchedule<TIn>(
        this IPerdureBuilder builder, string name, ScheduleTimes times, WorkflowDefinition<TIn> workflow, TIn input, ScheduleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return Add(builder, name, options, (workflows, codec) => ScheduleRequest.For(name, times, workflow, input, options, workflows, codec));
    }

    /// <summary>Registers a schedule for a workflow by its name.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">Its name, 1 to 150 characters.</param>
    /// <param name="times">When it is due.</param>
    /// <param name="workflow">Name of the workflow that it starts; the highest version that is registered is meant.</param>
    /// <param name="input">Input of every run.</param>
    /// <param name="options">Options; null for none.</param>
    /// <exception cref="InvalidOptionException">The name is taken, or it or an option breaks a rule.</exception>
    public static IPerdureBuilder AddSchedule(
        this IPerdureBuilder builder, string name, ScheduleTimes times, string workflow, object? input = null, ScheduleOptions? options = null) =>
        Add(builder, name, options, (workflows, codec) => ScheduleRequest.ByName(name, times, workflow, input, options, workflows, codec));

    private static IPerdureBuilder Add(IPerdureBuilder builder, string name, ScheduleOptions? options, Func<WorkflowRegistry, PayloadCodec, ScheduleDefinition> schedule)
    {
        ScheduleRequest.CheckName(name);
        options?.Validate();
        if (!PerdureSetup.Of(builder).Schedules.TryAdd(name, schedule))
            throw new InvalidOptionException("name", $"The schedule '{name}' is registered twice. Give one another name.", ErrorCodes.DuplicateRegistration);
        return builder;
    }
}
