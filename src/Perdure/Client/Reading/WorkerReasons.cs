using System.Globalization;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Says in words which workers could take a run or an activity, and why none of them does.</summary>
/// <param name="workers">Those that nobody has marked dead.</param>
/// <param name="now">The present.</param>
internal sealed class WorkerReasons(IReadOnlyList<WorkerRecord> workers, DateTimeOffset now)
{
    private readonly List<WorkerRecord> _live = [.. workers.Where(worker => worker.LeaseUntil.ToDateTimeOffset() > now)];

    /// <summary>Why nobody has taken a run that is due, behind a colon.</summary>
    public RunReason OfDue(RunInfo run)
    {
        var code = new WorkflowCode(run.Workflow, run.Version, run.Build);
        if (NobodyServes(run.Queue, _live.FindAll(worker => Serves(worker, run.Queue, least: 0))) is { } unserved) return unserved;
        var able = AbleTo(run.Queue, code);
        if (able.Count == 0) return new($"{NobodyHas(run, code)}.", $"perdure worker --assembly APP.dll --queue {run.Queue}=10");
        return OfPaused(able, "serves it and has its code", "serve it and have its code") ?? new($"{Named(able)} may take it, as soon as there is room.");
    }

    /// <summary>Why nobody would take a run if it were due; null if somebody would, or if nobody lives.</summary>
    public RunReason? OfNotDue(RunInfo run)
    {
        if (_live.Count == 0) return null;
        var code = new WorkflowCode(run.Workflow, run.Version, run.Build);
        if (AbleTo(run.Queue, code) is { Count: > 0 } able)
        {
            var paused = OfPaused(able, $"serves its queue \"{run.Queue}\" and has its code", $"serve its queue \"{run.Queue}\" and have its code");
            return paused is null ? null : paused with { Text = $"Nobody takes the run when it is due: {paused.Text}" };
        }
        return _live.Exists(worker => Has(worker, code)) ? null : new($"Nobody can go on with the run when it is due: {NobodyHas(run, code)}.", $"perdure worker --assembly APP.dll --queue {run.Queue}=10");
    }

    /// <summary>Whether somebody has code for a run that was blocked because whoever took it had not.</summary>
    public RunReason OfMissingCode(RunInfo run)
    {
        var code = new WorkflowCode(run.Workflow, run.Version, run.Build);
        var having = _live.FindAll(worker => Has(worker, code));
        return having.Count == 0
            ? new($"{Capital(_live.Count == 0 ? "no worker is alive" : NobodyHas(run, code))}.", "perdure worker --assembly APP.dll")
            : new($"{Capital(Named(having))} {Has(having)} code for {Text(code)} now.", $"perdure resume {run.Id}");
    }

    /// <summary>Why nobody has taken an activity that is queued, behind a colon.</summary>
    public RunReason OfQueued(TaskRecord task)
    {
        var serving = _live.FindAll(worker => Serves(worker, task.Queue, least: 1));
        if (NobodyServes(task.Queue, serving) is { } unserved) return unserved;
        var able = serving.FindAll(worker => worker.Activities.Contains(task.Activity, StringComparer.Ordinal));
        if (able.Count == 0)
        {
            var elsewhere = _live.FindAll(worker => worker.Activities.Contains(task.Activity, StringComparer.Ordinal));
            return new(elsewhere.Count == 0
                ? $"no live worker has code for the activity \"{task.Activity}\"; registered are {Quoted(_live.SelectMany(static worker => worker.Activities))}."
                : $"{Named(elsewhere)} {Has(elsewhere)} code for it, and no slots for activities of that queue.", $"perdure worker --assembly APP.dll --queue {task.Queue}=10");
        }
        if (OfPaused(able, "serves it and has code for it", "serve it and have code for it") is { } paused) return paused;
        var takers = able.FindAll(static worker => worker.Pause is null);
        if (takers.TrueForAll(worker => IsFull(worker, task.Queue)))
        {
            var full = string.Join(", ", takers.Take(QueueReasons.Named).Select(worker =>
                string.Create(CultureInfo.InvariantCulture, $"{Name(worker)} runs {worker.HeldTasks[task.Queue]} of at most {worker.Queues![task.Queue]} activities of it at once")));
            return new($"the slots for it are taken; {full}.", $"perdure worker --queue {task.Queue}=10");
        }
        return new($"{Named(takers)} may take it: there is a free slot.");
    }

    /// <summary>Who has something in his hands.</summary>
    public string Holder(long worker)
    {
        if (workers.FirstOrDefault(known => known.Worker == worker) is not { } holder) return string.Create(CultureInfo.InvariantCulture, $"worker {worker}, which is not alive any more");
        return holder.LeaseUntil.ToDateTimeOffset() > now ? Name(holder) : $"{Name(holder)}, which has not renewed its lease since {RunExplainer.When(holder.LeaseUntil.ToDateTimeOffset())}";
    }

    private List<WorkerRecord> AbleTo(string queue, WorkflowCode code) => _live.FindAll(worker => Serves(worker, queue, least: 0) && Has(worker, code));

    private RunReason? NobodyServes(string queue, List<WorkerRecord> serving)
    {
        if (serving.Count > 0) return null;
        var command = $"perdure worker --queue {queue}=10";
        if (_live.Count > 0) return new($"no live worker serves it; those that live serve {Quoted(_live.SelectMany(static worker => worker.Queues!.Keys))}.", command);
        return new(workers.Count == 0 ? "no worker is alive." : $"no worker is alive; {Holder(workers[^1].Worker)}.", command);
    }

    /// <summary>All of them are paused; null if one is not.</summary>
    private static RunReason? OfPaused(List<WorkerRecord> able, string one, string several)
    {
        if (able.Exists(static worker => worker.Pause is null)) return null;
        var command = string.Create(CultureInfo.InvariantCulture, $"perdure workers resume {able[0].Worker}");
        if (able.Count == 1) return new($"the only worker that {one}, {Label(able[0])}, is paused{How(able[0])}.", command);
        return new($"all workers that {several} are paused: {string.Join("; ", able.Take(QueueReasons.Named).Select(static worker => $"{Label(worker)}{How(worker)}"))}.", command);
    }

    private static string How(WorkerRecord worker)
    {
        var pause = worker.Pause!;
        return $"{(pause.By is null ? "" : $" by {pause.By}")} since {RunExplainer.When(pause.At.ToDateTimeOffset())}{(pause.Reason is null ? "" : $" ({pause.Reason})")}";
    }

    private string NobodyHas(RunInfo run, WorkflowCode code)
    {
        var having = _live.FindAll(worker => Has(worker, code));
        if (having.Count > 0) return $"{Named(having)} {Has(having)} code for {Text(code)}, without serving the queue \"{run.Queue}\"";
        var versions = _live.SelectMany(static worker => worker.Workflows!).Where(known => known.Workflow == code.Workflow && (known.Build is null || code.Build is not null)).Distinct()
            .OrderBy(static known => known.Version).ThenBy(static known => known.Build, StringComparer.Ordinal).Select(VersionOf).ToList();
        return versions.Count > 0
            ? $"no live worker has code for {Text(code)}; registered are its versions {string.Join(", ", versions)}"
            : $"no live worker has code for {Text(code)}; registered are {Quoted(_live.SelectMany(static worker => worker.Workflows!).Select(static known => known.Workflow))}";
    }

    // One that does not say what it has is of an older build, and may have anything.
    private static bool Serves(WorkerRecord worker, string queue, int least) => worker.Queues is not { } queues || queues.TryGetValue(queue, out var slots) && slots >= least;

    private static bool Has(WorkerRecord worker, WorkflowCode code) => worker.Workflows is not { } codes || codes.Contains(code);

    private static bool IsFull(WorkerRecord worker, string queue) => worker.Queues is { } queues && worker.HeldTasks.GetValueOrDefault(queue) >= queues[queue];

    private static string Has(List<WorkerRecord> some) => some.Count == 1 ? "has" : "have";

    private static string Text(WorkflowCode code) => $"the workflow \"{code.Workflow}\" version {VersionOf(code)}";

    private static string VersionOf(WorkflowCode code) => string.Create(CultureInfo.InvariantCulture, $"{code.Version}{(code.Build is null ? "" : $" of the build \"{code.Build}\"")}");

    private static string Name(WorkerRecord worker) => $"worker {Label(worker)}";

    private static string Label(WorkerRecord worker) => string.Create(CultureInfo.InvariantCulture, $"{worker.Worker} (\"{worker.Name}\")");

    private static string Named(List<WorkerRecord> some) => string.Join(", ", some.Take(QueueReasons.Named).Select(Name)) + (some.Count > QueueReasons.Named ? ", …" : "");

    /// <summary>Names in order, each once; the engine's own are no concern of anybody.</summary>
    private static string Quoted(IEnumerable<string> names)
    {
        const int most = 20;
        var own = names.Where(static name => name[0] != '_').Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return own.Count == 0 ? "none" : string.Join(", ", own.Take(most).Select(static name => $"\"{name}\"")) + (own.Count > most ? ", …" : "");
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
