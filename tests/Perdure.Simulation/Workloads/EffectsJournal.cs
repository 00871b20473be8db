namespace Perdure.Simulation;

/// <summary>What the bodies of steps and activities did: the outside world's memory, which survives every process.</summary>
internal sealed class EffectsJournal(World world)
{
    private readonly List<Effect> _effects = [];
    private long _nonces;

    public IReadOnlyList<Effect> All => _effects;

    /// <summary>Told of every beginning, before the body does anything.</summary>
    public Action<Effect>? OnBegin { get; set; }

    public Effect Begin(SimNode node, StepInfo info, ulong seen, int workflowAttempt, bool shielded)
    {
        var effect = new Effect(node, info.RunId, info.StepName, OperationOf(info.IdempotencyKey), info.IdempotencyKey, info.Attempt, seen, workflowAttempt, shielded, world.NextOrder(), world.Now);
        _effects.Add(effect);
        world.Trace.Add(node.Name, $"body of {effect.Step} #{effect.Operation} begins, attempt {effect.Attempt}", effect.RunId);
        OnBegin?.Invoke(effect);
        return effect;
    }

    /// <summary>The body returns a value that nobody else ever returns.</summary>
    public string End(Effect effect)
    {
        effect.Value = $"{effect.Step}:{++_nonces}";
        effect.EndOrder = world.NextOrder();
        return effect.Value;
    }

    public void Fail(Effect effect)
    {
        effect.HasFailed = true;
        effect.EndOrder = world.NextOrder();
    }

    private static int OperationOf(string key) => int.Parse(key.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One execution of a body.</summary>
internal sealed record Effect(
    SimNode Node, string RunId, string Step, int Operation, string Key, int Attempt, ulong Seen, int WorkflowAttempt, bool Shielded, long Order, long At)
{
    /// <summary>What it returned; null until then.</summary>
    public string? Value { get; set; }

    public bool HasFailed { get; set; }

    /// <summary>When it ended, or 0.</summary>
    public long EndOrder { get; set; }
}
