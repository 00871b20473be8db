using Perdure.Storage;
namespace Perdure.Simulation;

/// <summary>What the bodies of steps and activities did: the outside world's memory, which survives every process.</summary>
internal sealed class EffectsJournal(World world, Func<Instant> storeHigh)
{
    private readonly List<Effect> _effects = [];
    private readonly List<(Func<Effect, bool> IsIt, TaskCompletionSource Seen)> _watchers = [];
    private long _nonces;

    public IReadOnlyList<Effect> All => _effects;

    /// <summary>Whether a body runs in a process that lives.</summary>
    public bool IsBusy => _effects.Any(static effect => effect.EndOrder == 0 && !effect.Node.IsDead);

    /// <summary>How many bodies have ended, one way or the other.</summary>
    public int Ended { get; private set; }

    public Effect Begin(SimNode node, StepInfo info, ulong seen, int workflowAttempt, bool shielded)
    {
        var effect = new Effect(node, info.RunId, info.StepName, OperationOf(info.IdempotencyKey), info.IdempotencyKey, info.Attempt, seen, workflowAttempt, shielded, world.NextOrder(), world.Now, storeHigh());
        _effects.Add(effect);
        world.Trace.Add(node.Name, $"body of {effect.Step} #{effect.Operation} begins, attempt {effect.Attempt}", effect.RunId);
        return effect;
    }

    /// <summary>The body returns a value that nobody else ever returns.</summary>
    public string End(Effect effect)
    {
        effect.Value = $"{effect.Step}:{++_nonces}";
        NoteEnd(effect);
        return effect.Value;
    }

    /// <summary>The body was told that its checkpoint is durable.</summary>
    public void Saved(Effect effect, int checkpoint) => effect.Saved.Add((checkpoint, world.NextOrder()));

    public void Fail(Effect effect)
    {
        effect.HasFailed = true;
        NoteEnd(effect);
    }

    /// <summary>Done as soon as a body has ended for which <paramref name="isIt"/> holds: somebody outside sees what it did at that very instant.</summary>
    public Task WhenEndedAsync(Func<Effect, bool> isIt)
    {
        if (_effects.Any(effect => effect.EndOrder > 0 && isIt(effect))) return Task.CompletedTask;
        var seen = new TaskCompletionSource();
        _watchers.Add((isIt, seen));
        return seen.Task;
    }

    private void NoteEnd(Effect effect)
    {
        effect.EndOrder = world.NextOrder();
        Ended++;
        for (var i = _watchers.Count - 1; i >= 0; i--)
        {
            if (!_watchers[i].IsIt(effect)) continue;
            _watchers[i].Seen.TrySetResult();
            _watchers.RemoveAt(i);
        }
    }

    private static int OperationOf(string key) => int.Parse(key.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One execution of a body.</summary>
internal sealed record Effect(
    SimNode Node, string RunId, string Step, int Operation, string Key, int Attempt, ulong Seen, int WorkflowAttempt, bool Shielded, long Order, long At, Instant StoreHigh)
{
    /// <summary>What it returned; null until then.</summary>
    public string? Value { get; set; }

    public bool HasFailed { get; set; }

    /// <summary>The checkpoint that it began with; 0 for none.</summary>
    public int Loaded { get; set; }

    /// <summary>Its checkpoints that became durable, and when it was told.</summary>
    public List<(int Checkpoint, long Order)> Saved { get; } = [];

    /// <summary>When it ended, or 0.</summary>
    public long EndOrder { get; set; }
}
