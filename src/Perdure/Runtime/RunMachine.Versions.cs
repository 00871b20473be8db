using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Changes of the code that runs follow or do not.</content>
internal sealed partial class RunMachine
{
    private VersionMarkers? _versions;

    public int Version(string change, int min, int max, SourceLine source)
    {
        MustBeInTurn();
        _versions ??= new VersionMarkers();
        var version = _versions.Find(change, _operations) ?? _versions.Answer(change, HasPassed() ? WorkflowContext.DefaultVersion : Mark(change, max, source));
        if (version >= min && version <= max) return version;
        var follows = version == WorkflowContext.DefaultVersion ? "passed this place before the change was made" : $"follows version {version}";
        throw Stop(new BlockException(RunBlockedReason.UnsupportedVersion,
            $"This code has versions {min} to {max} of the change \"{change}\" (asked for at {TextOf(source) ?? "an unknown line"}), but the run {follows}. "
            + "Start a worker with code that has that version; then resume the run."));
    }

    /// <summary>
    /// Whether the run came by here before this code did. A marker is written with the turn in which it is asked for: where the turn is in the history and the marker is not, the code of
    /// then did not ask. Only of the very first turn nobody knows whether it was run before; as long as nothing came of it, it counts as new.
    /// </summary>
    private bool HasPassed()
    {
        if (_carry?.HasFrom(_operations) == true) return true;
        if (!IsBeyondRecord()) return true;
        return IsReplaying && !_recording.IsOnlyBirth;
    }

    private int Mark(string change, int version, SourceLine source)
    {
        _history.Append(new EventRecord
        {
            Kind = EventKind.VersionMarker, Operation = _operations, Name = change, Source = TextOf(source), Data = VersionMarkers.Write(version),
        }, _now);
        return version;
    }
}
