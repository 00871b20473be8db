using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <content>Runs that this one brings to life: they need keys before the bundle is built.</content>
internal sealed partial class RunActor
{
    private static readonly ChildBirth[] NoChildren = [];

    private List<long>? _keys;

    /// <summary>Whether there is a key for every run that the next bundle brings to life. If not, they are on their way, and the run goes to the lane again when they are here.</summary>
    private bool HasKeys() => _machine is not { Draft.Children.Count: > 0 and var count } || _session.Keys.TryTake(_keys ??= [], count, KeysCame);

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
        _keys = null;
        return births;
    }
}
