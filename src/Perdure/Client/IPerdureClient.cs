using System.Text.Json;

namespace Perdure;

/// <summary>
/// Starts runs, asks about them and acts on them, from any process that can reach the store; no worker is needed. Register it with <c>AddPerdure</c> or
/// <c>AddPerdureClient</c>. Thread safe; one serves a whole program.
/// </summary>
/// <remarks>
/// An acknowledged start, signal or cancellation is durable. A <see cref="CancellationToken"/> cancels the call, never the run; whether a cancelled call still took effect
/// is then not known, which a start with a key and a signal with a message id make harmless to repeat. Short faults of the store are repeated for up to
/// 30 seconds; what stays is a <see cref="Storage.StoreException"/>.
/// </remarks>
/// <example>
/// <code>
/// var run = await client.StartAsync(OrderWorkflow.Definition, order, new() { Key = order.OrderId });
/// Receipt receipt = await run.ResultAsync(TimeSpan.FromMinutes(1));
/// </code>
/// </example>
public interface IPerdureClient
{
    /// <summary>Schedules: what is started at certain times.</summary>
    IScheduleClient Schedules { get; }

    /// <summary>Queues: how much work there is on each, and what holds it back.</summary>
    IQueueClient Queues { get; }

    /// <summary>Workers: which are alive, what they have code for, and which of them are paused.</summary>
    IWorkerClient Workers { get; }

    /// <summary>Starts a run of a workflow with a result.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="workflow">The workflow. It need not be registered in this process.</param>
    /// <param name="input">The input.</param>
    /// <param name="options">Options of this start; null for none.</param>
    /// <param name="cancellationToken">Cancels the call, not the run.</param>
    /// <exception cref="InvalidOptionException">An option breaks a rule.</exception>
    /// <exception cref="InputValidationException">The input cannot be written as JSON, or does not fit the registered type. Nothing was stored.</exception>
    /// <exception cref="PayloadTooLargeException">The input is larger than 1 MiB. Nothing was stored.</exception>
    /// <exception cref="KeyConflictException">The key or id belongs to another workflow or input.</exception>
    /// <exception cref="AlreadyExistsException">The key or id is taken and the options say <see cref="ConflictPolicy.Fail"/>.</exception>
    Task<RunHandle<TOut>> StartAsync<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> workflow, TIn input, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Starts a run of a workflow without a result, or whose result does not matter here.</summary>
    /// <inheritdoc cref="StartAsync{TIn, TOut}(WorkflowDefinition{TIn, TOut}, TIn, StartOptions?, CancellationToken)"/>
    Task<RunHandle> StartAsync<TIn>(
        WorkflowDefinition<TIn> workflow, TIn input, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Starts a run by the workflow's name, in its highest registered version.</summary>
    /// <param name="workflow">The name.</param>
    /// <param name="input">The input: anything that fits the registered type as JSON, a <see cref="JsonElement"/> for example.</param>
    /// <param name="options">Options of this start; null for none.</param>
    /// <param name="cancellationToken">Cancels the call, not the run.</param>
    /// <exception cref="UnknownWorkflowException">It is not registered here and <see cref="StartOptions.AllowRemote"/> is not set.</exception>
    /// <inheritdoc cref="StartAsync{TIn, TOut}(WorkflowDefinition{TIn, TOut}, TIn, StartOptions?, CancellationToken)" path="/exception"/>
    Task<RunHandle> StartAsync(string workflow, object? input, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts up to 1,000 runs in one transaction: all of them are durable when the call returns, or none is. With keys the whole call may be repeated when its answer was lost.
    /// </summary>
    /// <param name="starts">The starts: <see cref="RunStart.Of{TIn}"/>. Their inputs have 64 MiB together at most.</param>
    /// <param name="cancellationToken">Cancels the call, not the runs.</param>
    /// <returns>
    /// What became of each, in the order of <paramref name="starts"/>. A start whose key or id is taken by another workflow or input does not hold up the others: its outcome says so. Of several with
    /// one key the first one creates the run.
    /// </returns>
    /// <exception cref="InvalidStartException">A start breaks a rule; its index and the reason are in the exception. Nothing was stored.</exception>
    /// <exception cref="InvalidOptionException">There are more than 1,000.</exception>
    /// <exception cref="PayloadTooLargeException">Their inputs are larger than 64 MiB together.</exception>
    Task<IReadOnlyList<StartOutcome>> StartManyAsync(IReadOnlyList<RunStart> starts, CancellationToken cancellationToken = default);

    /// <summary>Starts a run and waits for its result, for as long as it takes.</summary>
    /// <inheritdoc cref="StartAsync{TIn, TOut}(WorkflowDefinition{TIn, TOut}, TIn, StartOptions?, CancellationToken)"/>
    /// <exception cref="RunOutcomeException">The run ended without a result; the derived type says how.</exception>
    Task<TOut> RunAsync<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> workflow, TIn input, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Starts a run and waits for its end, for as long as it takes.</summary>
    /// <inheritdoc cref="StartAsync{TIn, TOut}(WorkflowDefinition{TIn, TOut}, TIn, StartOptions?, CancellationToken)"/>
    /// <exception cref="RunOutcomeException">The run did not complete; the derived type says how it ended.</exception>
    Task RunAsync<TIn>(WorkflowDefinition<TIn> workflow, TIn input, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>A handle for a run that exists, without asking the store.</summary>
    /// <param name="runId">The run's id.</param>
    RunHandle Handle(string runId);

    /// <summary>A handle for a run that exists, without asking the store.</summary>
    /// <typeparam name="TOut">The type that its result is read as.</typeparam>
    /// <param name="runId">The run's id.</param>
    RunHandle<TOut> Handle<TOut>(string runId);

    /// <summary>Reads one run.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="include">What to read besides.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    Task<RunInfo> GetAsync(string runId, RunInclude include = RunInclude.None, CancellationToken cancellationToken = default);

    /// <summary>Reads the run that was started with a key.</summary>
    /// <param name="key">The key, case-sensitive.</param>
    /// <param name="include">What to read besides.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    Task<RunInfo> GetByKeyAsync(string key, RunInclude include = RunInclude.None, CancellationToken cancellationToken = default);

    /// <summary>Lists runs, newest first, without their payloads.</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidOptionException">The filter breaks a rule.</exception>
    Task<RunList> ListAsync(RunFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>The runs that went on in each other's place (<see cref="WorkflowContext.ContinueAsNewAsync{TOut}"/>), the first one first. A run that stands alone is one.</summary>
    /// <param name="runId">Id of any of them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    Task<IReadOnlyList<RunSummary>> GetChainAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>How many runs of each status a filter finds. Statuses without runs are left out.</summary>
    /// <param name="filter">Which; its limit and place do not count. Null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidOptionException">The filter breaks a rule.</exception>
    Task<IReadOnlyDictionary<RunStatus, int>> CountAsync(RunFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the workflows that are registered here or have runs, by name, with how many runs of each status there are and where the newest stands. It reads the row of every run once, without payloads, as a
    /// <see cref="CountAsync"/> of all runs does.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<WorkflowSummary>> ListWorkflowsAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the history of a run in order.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="from">The first sequence number to return.</param>
    /// <param name="kinds">Only events of these kinds; null or empty for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    Task<IReadOnlyList<HistoryEvent>> GetHistoryAsync(
        string runId, int from = 0, IReadOnlyCollection<EventKind>? kinds = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Follows a run: gives its events, each once and in order, as soon as they are durable, and ends when the run has ended. Whoever was interrupted goes on behind the last sequence number that he has
    /// seen. In the process that drives the run, and where the store tells of changes, an event comes at once, else within a quarter of a second.
    /// </summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="from">The first sequence number to give. Default: 0, all from the beginning.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="InvalidOptionException"><paramref name="from"/> is negative.</exception>
    /// <exception cref="RunNotFoundException">There is no such run; thrown by the first step.</exception>
    /// <exception cref="HistoryDamagedException">Its history cannot be read.</exception>
    IAsyncEnumerable<HistoryEvent> WatchAsync(string runId, int from = 0, CancellationToken cancellationToken = default);

    /// <summary>
    /// Follows a value that a run publishes: gives the last one that was published, if any, then each further one, and ends when the run has ended; a run that goes on as new is followed to its
    /// successor. How soon: as for the events of a run.
    /// </summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="runId">The run's id.</param>
    /// <param name="state">The value.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="RunNotFoundException">There is no such run; thrown by the first step.</exception>
    /// <exception cref="UndecodablePayloadException">A value is of another type.</exception>
    /// <exception cref="HistoryDamagedException">The run's history cannot be read.</exception>
    IAsyncEnumerable<T> WatchAsync<T>(string runId, Published<T> state, CancellationToken cancellationToken = default);

    /// <summary>Says in words why a run does not move: what it waits for and since when, or what stops it, with the command that would help.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    /// <exception cref="HistoryDamagedException">Its history cannot be read.</exception>
    Task<RunExplanation> ExplainAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Reads what a run was like when one of its events had been written.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="sequence">The event's sequence number.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    /// <exception cref="InvalidOptionException">Its history has no such event.</exception>
    /// <exception cref="HistoryDamagedException">Its history cannot be read.</exception>
    Task<RunMoment> GetAtAsync(string runId, int sequence, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the graph of a run: of a pipeline that is registered here all that it can do, with how far the run has come; of other workflows the operations that its history shows, in the order in
    /// which the code asked for them.
    /// </summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    /// <exception cref="HistoryDamagedException">Its history cannot be read.</exception>
    Task<WorkflowGraph> GetGraphAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs the code that this process has over the history of a run, to tell whether they fit. Nothing is written, no body of a step runs, and the run itself notices nothing. For a run that has
    /// ended too: then the code must end as well.
    /// </summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    Task<ReplayCheck> CheckReplayAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Does for many runs what <see cref="CheckReplayAsync"/> does for one, for example for all that live, before new code is rolled out.</summary>
    /// <param name="filter">Which; null for all that have not ended. A filter without statuses means those too. Its limit counts for nothing.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <returns>One answer for each run, newest first; a run that is started or deleted meanwhile may be left out.</returns>
    /// <exception cref="InvalidOptionException">The filter breaks a rule.</exception>
    IAsyncEnumerable<ReplayCheck> CheckReplaysAsync(RunFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks a run, without an argument. Every run answers <c>status</c>: an object with id, workflow, version, status, phase, result, error, waitingFor, and of what it waits for the
    /// pendingActivities, timers, inputs (questions to people) and hooks; what else it answers is its workflow's matter. A query changes nothing and works on closed runs.
    /// </summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="query">The name of the query.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <inheritdoc cref="QueryAsync{TResult}" path="/exception"/>
    Task<JsonElement> QueryAsync(string runId, string query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks a run for something that its workflow answers (<see cref="WorkflowContext.SetQueryHandler{TArgument, TResult}"/>), or for its <c>status</c>. This process replays the run's history to the
    /// last recorded event and asks the code there, so it must have the workflow registered, as a client or as a worker; it costs as much as a replay. It changes nothing and works on closed runs.
    /// </summary>
    /// <typeparam name="TResult">The type that the answer is read as; <see cref="JsonElement"/> takes anything.</typeparam>
    /// <param name="runId">The run's id.</param>
    /// <param name="query">The name of the query.</param>
    /// <param name="argument">What the query is given; null for nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="UnknownQueryException">The run's code has set no such handler, or not yet.</exception>
    /// <exception cref="UnknownWorkflowException">The run's workflow is not registered in this process.</exception>
    /// <exception cref="InputValidationException">The argument does not fit.</exception>
    /// <exception cref="QueryMayNotScheduleException">The handler asked the context for something.</exception>
    /// <exception cref="QueryFailedException">The handler failed, or code and history do not fit.</exception>
    Task<TResult> QueryAsync<TResult>(string runId, string query, object? argument = null, CancellationToken cancellationToken = default);

    /// <summary>Reads a value that a run has published; one read of its row.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="runId">The run's id.</param>
    /// <param name="state">The value.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value; the default of <typeparamref name="T"/> when nothing was published. <see cref="RunInfo.Published"/> tells the two apart.</returns>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    Task<T?> ReadAsync<T>(string runId, Published<T> state, CancellationToken cancellationToken = default);

    /// <summary>Sends a signal. It is buffered until the run waits for it, also before the run has begun.</summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="runId">The run's id.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="messageId">
    /// Makes the call idempotent: of several with one id the run takes one. 1 to 255 characters, no leading underscore. Default: every call is a signal of its own.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunClosedException">The run has ended; nothing was stored.</exception>
    /// <exception cref="RunNotFoundException">There is no such run; nothing was stored.</exception>
    /// <exception cref="TooManySignalsException">The run has 10,000 signals that nobody took; nothing was stored.</exception>
    Task SignalAsync<T>(string runId, Signal<T> signal, T payload, string? messageId = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a signal by its name.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="signal">The signal's name.</param>
    /// <param name="payload">The payload: anything that can be written as JSON.</param>
    /// <param name="messageId">Makes the call idempotent.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <inheritdoc cref="SignalAsync{T}(string, Signal{T}, T, string?, CancellationToken)" path="/exception"/>
    Task SignalAsync(string runId, string signal, object? payload, string? messageId = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends a signal to the run that holds a key, and starts that run if there is none: in one transaction, so the run never exists without the signal. A live run is only
    /// signalled, whatever its input was. What happens when the run that holds the key has ended is the start's <see cref="StartOptions.OnConflict"/>.
    /// </summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="workflow">The workflow. It need not be registered in this process.</param>
    /// <param name="input">The input of a run that is started.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="options">Options of the start, with <see cref="StartOptions.Key"/> or <see cref="StartOptions.Id"/>.</param>
    /// <param name="messageId">Makes the signal idempotent, as in <see cref="SignalAsync{T}"/>.</param>
    /// <param name="cancellationToken">Cancels the call, not the run.</param>
    /// <returns>The run that got the signal; <see cref="RunHandle.WasCreated"/> says whether it is new.</returns>
    /// <exception cref="InvalidOptionException">The options name neither a key nor an id, or break a rule.</exception>
    /// <exception cref="RunClosedException">The run that holds the key has ended, and the options say <see cref="ConflictPolicy.UseExisting"/>; nothing was stored.</exception>
    /// <exception cref="RunNotFoundException">The run that held the key was deleted; nothing was stored.</exception>
    /// <exception cref="KeyConflictException">The key or id belongs to another workflow, or to a run that has ended and had another input.</exception>
    /// <exception cref="AlreadyExistsException">The run that holds the key has ended, and the options say <see cref="ConflictPolicy.Fail"/>.</exception>
    /// <exception cref="TooManySignalsException">The run has 10,000 signals that nobody took; nothing was stored.</exception>
    Task<RunHandle<TOut>> SignalWithStartAsync<TIn, TOut, T>(
        WorkflowDefinition<TIn, TOut> workflow, TIn input, Signal<T> signal, T payload, StartOptions options, string? messageId = null,
        CancellationToken cancellationToken = default);

    /// <summary>As the other overload, by names.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="input">The input of a run that is started: anything that fits the registered type as JSON.</param>
    /// <param name="signal">The signal's name.</param>
    /// <param name="payload">Its payload: anything that can be written as JSON.</param>
    /// <param name="options">Options of the start, with <see cref="StartOptions.Key"/> or <see cref="StartOptions.Id"/>.</param>
    /// <param name="messageId">Makes the signal idempotent.</param>
    /// <param name="cancellationToken">Cancels the call, not the run.</param>
    /// <exception cref="UnknownWorkflowException">It is not registered here and <see cref="StartOptions.AllowRemote"/> is not set.</exception>
    /// <inheritdoc cref="SignalWithStartAsync{TIn, TOut, T}" path="/returns"/>
    /// <inheritdoc cref="SignalWithStartAsync{TIn, TOut, T}" path="/exception"/>
    Task<RunHandle> SignalWithStartAsync(
        string workflow, object? input, string signal, object? payload, StartOptions options, string? messageId = null, CancellationToken cancellationToken = default);

    /// <summary>Answers a hook.</summary>
    /// <param name="token">Its token.</param>
    /// <param name="payload">The answer: anything that can be written as JSON, and has the shape of the type that the workflow waits for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="HookRefusedException">There is no such hook (<see cref="ErrorCodes.InvalidToken"/>), it takes no answers any more (<see cref="ErrorCodes.RequestExpired"/>), or it
    /// has got its answers (<see cref="ErrorCodes.AlreadyReceived"/>). Of several answers at once the first one wins.</exception>
    /// <exception cref="InputValidationException">The payload does not fit; the hook stays open.</exception>
    Task ResumeHookAsync(string token, object? payload = null, CancellationToken cancellationToken = default);

    /// <summary>Reads a hook by its token.</summary>
    /// <param name="token">Its token.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="HookRefusedException">There is no such hook.</exception>
    Task<HookInfo> GetHookAsync(string token, CancellationToken cancellationToken = default);

    /// <summary>Lists hooks in the order in which they expire. Tokens are nowhere.</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidOptionException">The filter breaks a rule.</exception>
    Task<HookList> ListHooksAsync(HookFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Answers a question that a run has put to people. The first answer that fits wins.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="name">The question's name.</param>
    /// <param name="answer">The answer: a bool, a text, a list of choices, or an object with the fields of the form.</param>
    /// <param name="by">Who answers; it stands in the history. Default: nobody in particular.</param>
    /// <param name="requestId">The <see cref="InputInfo.RequestId"/> that the answer is meant for. Default: the question that is open now.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InputValidationException">The answer does not fit; the errors name the fields, and the question stays open.</exception>
    /// <exception cref="InputRefusedException">It has been answered (<see cref="ErrorCodes.AlreadyProvided"/>), its time is up (<see cref="ErrorCodes.RequestExpired"/>), the answer is
    /// meant for an earlier question (<see cref="ErrorCodes.StaleRequest"/>), or the run does not ask that (<see cref="ErrorCodes.NotWaiting"/>).</exception>
    /// <exception cref="RunClosedException">The run has ended.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    Task ProvideInputAsync(
        string runId, string name, object? answer, string? by = null, string? requestId = null, CancellationToken cancellationToken = default);

    /// <summary>Lists questions to people in the order in which their time is up: those that wait, unless the filter says otherwise.</summary>
    /// <param name="filter">Which; null for all that wait.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidOptionException">The filter breaks a rule.</exception>
    Task<InputList> ListInputsAsync(InputFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends a wait of a run for a signal, a hook or an answer of people: the workflow gets a <see cref="WaitCancelledException"/> there, which it may catch. What is waited for
    /// together (<see cref="WorkflowContext.WaitForAllAsync"/>) ends together. If what the run waits for, or the end of its time, is recorded first, that wins and the request has no effect; a paused or
    /// blocked run obeys when it goes on.
    /// </summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="wait">What it waits for, by the name in <see cref="RunInfo.WaitingFor"/>: of several waits of one name the first one.</param>
    /// <param name="reason">Why, for people and for the workflow. Default: none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="NotWaitingException">The run does not wait for that; nothing was stored.</exception>
    /// <exception cref="RunClosedException">The run has ended.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="HistoryDamagedException">Its history cannot be read.</exception>
    Task CancelWaitAsync(string runId, string wait, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Asks a run to stop: a suspended one is woken for its cleanup, a running body's token fires, queued activities are withdrawn.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="reason">Why, for people. Default: none.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="InvalidOptionException">An option breaks a rule.</exception>
    Task<CancelOutcome> CancelAsync(string runId, string? reason = null, CancelOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Ends a run at once, without running any of its code; what runs of it is told to stop and can write nothing more.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="reason">Why, for people. Default: none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    Task<CancelOutcome> TerminateAsync(string runId, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets a run that failed, timed out, was cancelled or terminated, or is blocked, go on: the same run, at its failed operations, with a fresh budget of attempts.
    /// Finished steps are not repeated.
    /// </summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunClosedException">The run completed; there is nothing to retry.</exception>
    /// <exception cref="RunInUseException">The run is live and not blocked, or the child of a live run, which has heard of its end already.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    Task RetryAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets a run stand still: steps that run may finish, then it is <see cref="RunStatus.Paused"/>. No step of it begins, its timers do not fire, and messages are kept, until
    /// <see cref="ResumeAsync"/>; activities that are on their queues already still run. A cancellation, termination or the end of its run timeout lets it go on too.
    /// </summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="options">How; null to wait for the steps that run.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was told to; false if it stands still already, paused or blocked.</returns>
    /// <exception cref="RunClosedException">The run has ended.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="InvalidOptionException">An option breaks a rule.</exception>
    Task<bool> PauseAsync(string runId, PauseOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets a paused run go on, and a blocked one try to. An order to pause that has not taken effect yet is taken back. With <see cref="PerdureRuntime.Manual"/> it also drives
    /// the run until it has ended or waits; one that is not due is left as it is.
    /// </summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was paused or blocked; another live run is left as it is.</returns>
    /// <exception cref="RunClosedException">The run has ended; see <see cref="RetryAsync"/>.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    Task<bool> ResumeAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Deletes a run that has ended, with its history. Its key is remembered: a start with it finds the deleted run's id and runs nothing.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunInUseException">The run has not ended, or its parent, or a child of it.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    Task DeleteAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Does the same to all runs that a filter finds, from the newest to the oldest, so many a second, each by itself; or only looks how many there are (<see cref="BulkOptions.DryRun"/>). Each run is met once;
    /// runs that are started meanwhile are not met. When the call is cancelled or the store fails, what was done stays done, and a repetition goes on: it finds the rest.
    /// </summary>
    /// <param name="act">What is done. Unless the filter names statuses, those are meant in which there is something to do.</param>
    /// <param name="filter">Which runs; its limit and place do not count.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call between two runs.</param>
    /// <returns>To how many it was done, and why not to the others.</returns>
    /// <exception cref="InvalidOptionException">The filter or an option breaks a rule.</exception>
    Task<BulkReport> BulkAsync(BulkAct act, RunFilter filter, BulkOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes runs that ended long ago, the oldest first, each whole with its history; or counts them. Never a live run. Start keys are remembered. It works in batches: when
    /// the call is cancelled or fails, those that were finished stay so, and a repetition goes on.
    /// </summary>
    /// <param name="options">Which runs.</param>
    /// <param name="cancellationToken">Cancels the call between two batches.</param>
    /// <returns>How many. Too few, if the answer of a batch was lost and it had to be repeated.</returns>
    /// <exception cref="InvalidOptionException">An option breaks a rule.</exception>
    Task<PurgeReport> PurgeAsync(PurgeOptions options, CancellationToken cancellationToken = default);
}
