namespace Perdure;

/// <summary>
/// Creates schedules and acts on them, from any process that can reach the store. A command is durable when its call returns, and takes effect when a worker has read it, which takes
/// moments while one is up; nothing is started in between. Thread safe.
/// </summary>
/// <remarks>
/// A schedule is kept by a run of the engine's own. It starts each time's run as a child whose id is the schedule's name and the time, so one time has one run for ever, whatever
/// crashes and however many workers there are.
/// </remarks>
public interface IScheduleClient
{
    /// <summary>Creates a schedule.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <param name="name">Its name, 1 to 150 characters.</param>
    /// <param name="times">When it is due.</param>
    /// <param name="workflow">What it starts.</param>
    /// <param name="input">Input of every run.</param>
    /// <param name="options">Options; null for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="AlreadyExistsException">There is a schedule of that name.</exception>
    /// <exception cref="InvalidOptionException">The name or an option breaks a rule.</exception>
    /// <exception cref="InputValidationException">The input cannot be written as JSON, or does not fit the registered type.</exception>
    Task CreateAsync<TIn>(
        string name, ScheduleTimes times, WorkflowDefinition<TIn> workflow, TIn input, ScheduleOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Creates a schedule for a workflow by its name.</summary>
    /// <param name="name">Its name, 1 to 150 characters.</param>
    /// <param name="times">When it is due.</param>
    /// <param name="workflow">Name of the workflow that it starts; the highest version that is registered here, or 1.</param>
    /// <param name="input">Input of every run.</param>
    /// <param name="options">Options; null for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <inheritdoc cref="CreateAsync{TIn}(string, ScheduleTimes, WorkflowDefinition{TIn}, TIn, ScheduleOptions?, CancellationToken)" path="/exception"/>
    Task CreateAsync(string name, ScheduleTimes times, string workflow, object? input, ScheduleOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Changes a schedule, or creates it. Whether it is paused, and what it has counted, stays; if its times change, the next one is computed from now.</summary>
    /// <inheritdoc cref="CreateAsync{TIn}(string, ScheduleTimes, WorkflowDefinition{TIn}, TIn, ScheduleOptions?, CancellationToken)"/>
    Task UpdateAsync<TIn>(
        string name, ScheduleTimes times, WorkflowDefinition<TIn> workflow, TIn input, ScheduleOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Changes a schedule for a workflow by its name, or creates it.</summary>
    /// <inheritdoc cref="CreateAsync(string, ScheduleTimes, string, object?, ScheduleOptions?, CancellationToken)"/>
    Task UpdateAsync(string name, ScheduleTimes times, string workflow, object? input, ScheduleOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>A schedule, or null if there is none, or no worker has read its creation yet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ScheduleInfo?> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>All schedules, by name.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<ScheduleInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends a schedule: when the call has returned, it starts nothing any more. Runs that it started go on; its history stays until retention removes it, and its name may be used again.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ScheduleNotFoundException">There is none of that name.</exception>
    Task DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Lets a schedule stand still: its times are skipped.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="reason">Why, for people; null for nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ScheduleNotFoundException">There is none of that name.</exception>
    Task PauseAsync(string name, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Lets a paused schedule go on. The next time is computed from now: nothing is made up for.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ScheduleNotFoundException">There is none of that name.</exception>
    Task ResumeAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Starts one extra run now, whatever is live and also while the schedule is paused. Its next time stays as it is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">Input of that run; null for that of the schedule.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ScheduleNotFoundException">There is none of that name.</exception>
    Task TriggerAsync(string name, object? input = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts a run for every time of a span that has none yet: one after the other, or ten a second with <see cref="ScheduleOverlap.AllowAll"/>. Jitter is left out.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="from">The first instant of the span.</param>
    /// <param name="to">The instant before which it ends.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidOptionException">The span ends before it begins, or holds more than 10,000 times.</exception>
    /// <exception cref="ScheduleNotFoundException">There is none of that name, or no worker has read its creation yet.</exception>
    Task BackfillAsync(string name, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken = default);

    /// <summary>The next times of a schedule, without jitter; none while it is paused.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="count">How many at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ScheduleNotFoundException">There is none of that name, or no worker has read its creation yet.</exception>
    Task<IReadOnlyList<DateTimeOffset>> NextTimesAsync(string name, int count = 5, CancellationToken cancellationToken = default);
}
