using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <content>Runs that this one brings to life: they need keys before the bundle is built.</content>
internal sealed partial class RunActor
{
    private static readonly ChildBirth[] NoChildren = [];

    private List<long>? _keys;

    /// <summary>Whether there is a key for every run that the next bundle brings to life. If not, they are on their way, and the run goes to the lane again when they are here.</summary>
    private bool HasKeys()
    {
        if (_machine is not { } machine) return true;
        var count = machine.Draft.Children.Count + (machine.Ending is { Status: RunStatus.ContinuedAsNew } ? 1 : 0);
        return count == 0 || _session.Keys.TryTake(_keys ??= [], count, KeysCame);
    }

    private void KeysCame()
    {
        lock (_gate)
            if (!_busy) EnqueueIfNeeded();
    }

    private ChildBirth[] Children(RunDraft draft)
    {
        if (draft.Children.Count == 0) return NoChildren;
        var births = new ChildBirth[draft.Children.Count];
        for (var i = 0; i < births.Length; i++)
        {
            births[i] = ChildBirths.Build(draft.Children[i], _machine!.Seed, Key, _keys![i], _session.Workflows);
            if (_session.Settings.OnlyQueue is { } queue) births[i] = births[i] with { Birth = births[i].Birth with { Queue = queue } };
        }
        return births;
    }

    /// <summary>The end of the run, with what goes on in its place.</summary>
    private RunClose BuildClose(RunMachine machine, Instant now)
    {
        var close = machine.BuildClose(now);
        if (machine.BuildContinuation(now) is not { } next) return close;
        var successor = SuccessorBirths.Build(next, machine.Seed, _keys![^1], now, _session.Workflows.Build);
        return close with { Moved = next.Hooks, Successor = _session.Settings.OnlyQueue is { } queue ? successor with { Queue = queue } : successor };
    }
}
