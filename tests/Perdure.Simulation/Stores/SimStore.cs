using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <summary>
/// The store as one process sees it: every call takes time, may fail in every way that a store can fail, and goes on without its caller once it is under way.
/// </summary>
internal sealed partial class SimStore(World world, SimContext home, MemoryStore inner, StoreTap tap, ICallPlanner planner, Hints hints, Poison poison, SimTime storeTime, string owner, Defect? defect) : IPerdureStore
{
    private readonly HashSet<Pending> _underWay = [];
    private readonly SimRandom _coins = world.Random.Fork("store");
    private int _calls;

    /// <summary>A claim that was sent and not answered: it may be sent again.</summary>
    private StoreCall? _unanswered;
    private bool _isGivenUp;
    private DefectiveStore? _bugs;

    public string Name => "memory";

    /// <summary>The process that calls.</summary>
    public string Owner { get; } = owner;

    public IWakeups Wakeups { get; } = new SimWakeups(home, hints);

    /// <summary>How many calls were made.</summary>
    public int Calls => _calls;

    /// <summary>The process's own clock, for bugs that trust it.</summary>
    public SimTime? Clock { get; set; }

    /// <summary>How many runs of a queue the process may have at a time by its own settings.</summary>
    public IReadOnlyDictionary<string, int> RunLimits { get; set; } = new Dictionary<string, int>();

    /// <summary>The process has begun to stop: it may take nothing new any more.</summary>
    public bool IsStopping { get; set; }

    private Poison Poison { get; } = poison;

    /// <summary>Where a bug may be planted.</summary>
    private DefectiveStore Bugs => _bugs ??= new DefectiveStore(world, home, storeTime, tap, () => Clock, defect);

    /// <summary>The process is gone: what it had under way arrives or does not.</summary>
    public void Crash(bool? lands = null)
    {
        foreach (var pending in _underWay)
            if (!(lands ?? _coins.Chance(0.5))) pending.IsDropped = true;
        _underWay.Clear();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> CallAsync<T>(StoreCall call, Func<MemoryStore, Task<T>> execute, Action<T>? tell = null)
    {
        var answer = new TaskCompletionSource<T>();
        if (home.IsDead) return answer.Task;
        if (!world.IsHome || SynchronizationContext.Current != home)
        {
            world.NoteEscape($"{call} of {Owner}");
            return answer.Task;
        }
        if (IsStopping && call is StoreCall.ClaimRuns or StoreCall.ClaimTasks && _unanswered != call) world.Fail("I-40", $"{Owner} asks for work ({call}) after it was told to stop.");
        if (call is StoreCall.ClaimRuns or StoreCall.ClaimTasks) (_unanswered, _isGivenUp) = (call, false);
        // The worker waits for the answer no longer: when it comes all the same, nobody hears it, and the claim may be made again.
        if (call == StoreCall.Resolve) _isGivenUp = true;
        var number = _calls++;
        var plan = planner.Plan(this, call);
        // The planner may have ended the process at this very call.
        if (home.IsDead) return answer.Task;
        var pending = new Pending();
        _underWay.Add(pending);
        world.After(plan.Before, () =>
        {
            _underWay.Remove(pending);
            if (pending.IsDropped) return;
            Arrive(call, number, plan, execute, tell, answer);
        });
        return answer.Task;
    }

    private void Arrive<T>(StoreCall call, int number, CallPlan plan, Func<MemoryStore, Task<T>> execute, Action<T>? tell, TaskCompletionSource<T> answer)
    {
        switch (plan.Fate)
        {
            case CallFate.Failed:
                world.Trace.Add(Owner, $"{call} fails");
                Answer(plan, call, number, () => answer.TrySetException(new StoreException(StoreFault.Transient, "The simulated store is busy.")));
                return;
            case CallFate.LostRequest:
                world.Trace.Add(Owner, $"{call} is lost on its way");
                Answer(plan, call, number, () => answer.TrySetException(new StoreException(StoreFault.Unknown, "The simulated connection broke.")));
                return;
        }
        StoreException? failure = null;
        T result = default!;
        try
        {
            result = execute(inner).GetAwaiter().GetResult();
        }
        catch (StoreException e)
        {
            failure = e;
        }
        if (failure is null) tell?.Invoke(result);
        else world.Trace.Add(Owner, $"{call} refused: {failure.Fault}");
        planner.Executed(this, call, number);
        switch (plan.Fate)
        {
            case CallFate.Silent or CallFate.Late:
                return;
            case CallFate.LostAnswer:
                world.Trace.Add(Owner, $"the answer of {call} is lost");
                Answer(plan, call, number, () => answer.TrySetException(new StoreException(StoreFault.Unknown, "The simulated connection broke.")));
                return;
        }
        if (call == _unanswered && !_isGivenUp) _unanswered = null;
        Answer(plan, call, number, () => _ = failure is null ? answer.TrySetResult(result) : answer.TrySetException(failure));
    }

    private void Answer(CallPlan plan, StoreCall call, int number, Action take) => world.After(plan.After, () => home.Post(_ =>
    {
        take();
        planner.Taken(this, call, number);
    }, null));

    private sealed class Pending
    {
        public bool IsDropped { get; set; }
    }
}
