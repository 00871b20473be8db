using Perdure.Client;
using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Hosting;

/// <summary>
/// Starts and messages of a process with a worker. A start that this worker can drive is born in its journal, and a signal to a run that lives here goes straight
/// into its next turn; everything else, and whatever the journal could not keep, goes the way of rows under the same ids. Thread safe.
/// </summary>
internal sealed class JournalSubmissions(WorkerNode node, WorkerParts parts, StoreSubmissions rows) : ISubmissions
{
    public ValueTask<(long Key, Instant Now)> ReserveAsync(CancellationToken cancellationToken) => rows.ReserveAsync(cancellationToken);

    public async Task<BirthOutcome> StartAsync(RunBirth birth, CancellationToken cancellationToken)
    {
        if (node.Session is { } session && CanDrive(session, birth))
        {
            var answer = new TaskCompletionSource<BirthOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            // A start that can lose its key to another waits for the answer before its code begins.
            var runAhead = birth.StartKey is null && !birth.ChosenId;
            if (session.TryBear(birth, runAhead, answer))
            {
                try
                {
                    return await answer.Task.WaitAsync(cancellationToken);
                }
                catch (WorkerFencedException)
                {
                    // Nothing of it was written, and the same ids go the way of rows.
                }
            }
        }
        var outcome = await rows.StartAsync(birth, cancellationToken);
        node.Session?.NoticeRuns();
        return outcome;
    }

    /// <summary>By rows: they stand or fall together, and a group of the journal takes each run by itself.</summary>
    public async Task<IReadOnlyList<BirthOutcome>> StartAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken)
    {
        var outcomes = await rows.StartAsync(births, cancellationToken);
        node.Session?.NoticeRuns();
        return outcomes;
    }

    public async Task<PostOutcome> PostAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind == MessageKind.Signal && message.RunId is { } id && node.Session?.Residents.Find(id) is { } run)
        {
            var signal = new DirectSignal(message, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
            // Not on the caller's thread: a turn runs workflow code.
            if (run.PostAside(new RunMail(RunMailKind.Signal, signal)) && await signal.Answer.Task.WaitAsync(cancellationToken))
                return new PostOutcome(PostVerdict.Accepted, run.Key, RunStatus.Running, RunPhase.Normal);
        }
        var outcome = await rows.PostAsync(message, cancellationToken);
        NoticePost(outcome);
        return outcome;
    }

    /// <summary>By rows: which run it is for is known only there.</summary>
    public async Task<SignalledStart> StartAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken)
    {
        var started = await rows.StartAsync(birth, signal, cancellationToken);
        if (started.Signal is { } sent) NoticePost(sent);
        else node.Session?.NoticeRuns();
        return started;
    }

    public async Task<AnswerOutcome> AnswerAsync(RequestAnswer answer, CancellationToken cancellationToken)
    {
        var outcome = await rows.AnswerAsync(answer, cancellationToken);
        if (outcome.Verdict == AnswerVerdict.Accepted) NoticePost(new PostOutcome(PostVerdict.Accepted, answer.Message.RunKey, default, default));
        return outcome;
    }

    public void DiscardKeys() => rows.DiscardKeys();

    public IRunWatch Watch(string runId) => new WorkerWatch(node, runId, rows, parts.Clock);

    public NewsWatch WatchNews(string runId) => new(parts.Clock, onNews => node.News.Subscribe(runId, onNews), parts.Store.Wakeups.SubscribeToNews);

    private void NoticePost(in PostOutcome outcome)
    {
        if (outcome.Verdict != PostVerdict.Accepted || node.Session is not { } session) return;
        if (session.Residents.Find(outcome.RunKey) is not null) session.ReadInbox(outcome.RunKey);
        else session.NoticeRuns();
    }

    private bool CanDrive(WorkerSession session, RunBirth birth) =>
        // A start for now is due at its creation; the store's clock, as this process knows it, may have been set back a little since.
        (birth.DueAt <= birth.CreatedAt || birth.DueAt <= session.Now) && parts.Settings.RunQueues.Contains(birth.Queue) && !session.HeldQueues.Has(birth.Queue) && parts.Workflows.Find(birth.Workflow, birth.Version, birth.Build) is not null;
}
