using Perdure.Formats;
using Perdure.Tests.Runtime.Driving;

namespace Perdure.Tests.Runtime.Programs;

/// <summary>What a batch of random programs has tried, so that the test can insist on it.</summary>
internal sealed class Counts
{
    public int Programs { get; private set; }
    public int Operations { get; private set; }
    public int WithWhenAny { get; private set; }
    public int Cancelled { get; private set; }
    public int Lost { get; private set; }
    public int Evicted { get; private set; }
    public int Retried { get; private set; }
    public int Reopened { get; private set; }
    public int Shields { get; private set; }
    public int Replays { get; set; }
    public int InteriorCuts { get; set; }
    public int Continued { get; set; }
    public Dictionary<RunStatus, int> Ends { get; } = [];
    public Dictionary<EventKind, int> Kinds { get; } = [];

    public void Add(ProgramNode program, ProgramDriver driver, MachineHarness run)
    {
        Programs++;
        Operations += program.Size;
        if (program.Contains(static node => node.Op is ProgramOp.Any or ProgramOp.AnyCancelling)) WithWhenAny++;
        if (program.Contains(static node => node.Op == ProgramOp.Shield)) Shields++;
        Lost += driver.Lost;
        Evicted += driver.Evicted;
        Reopened += driver.Reopened;
        if (driver.Cancels > 0) Cancelled++;
        Ends[run.Status!.Value] = Ends.GetValueOrDefault(run.Status.Value) + 1;
        foreach (var e in run.Events) Kinds[e.Kind] = Kinds.GetValueOrDefault(e.Kind) + 1;
        if (Array.Exists(run.Events, static e => e.Kind == EventKind.WorkflowRetryScheduled)) Retried++;
    }

    public void Add(Counts other)
    {
        Programs += other.Programs;
        Operations += other.Operations;
        WithWhenAny += other.WithWhenAny;
        Cancelled += other.Cancelled;
        Lost += other.Lost;
        Evicted += other.Evicted;
        Retried += other.Retried;
        Reopened += other.Reopened;
        Shields += other.Shields;
        Replays += other.Replays;
        InteriorCuts += other.InteriorCuts;
        Continued += other.Continued;
        foreach (var (end, count) in other.Ends) Ends[end] = Ends.GetValueOrDefault(end) + count;
        foreach (var (kind, count) in other.Kinds) Kinds[kind] = Kinds.GetValueOrDefault(kind) + count;
    }

    public override string ToString() =>
        $"{Programs} programs, {Operations} operations, {WithWhenAny} with WhenAny, {Shields} with shields, {Cancelled} cancelled, {Lost} lost workers, {Evicted} evictions, "
        + $"{Retried} retried as a whole, {Reopened} reopened, {Replays} replays, {InteriorCuts} cut inside a turn, {Continued} continued; "
        + string.Join(", ", Ends.Select(static end => $"{end.Value} {end.Key}")) + "; " + string.Join(", ", Kinds.OrderBy(static kind => kind.Key).Select(static kind => $"{kind.Value} {kind.Key}"));
}
