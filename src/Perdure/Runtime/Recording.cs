using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>The recorded events of the current attempt on their way through a replay, in order, each taken once.</summary>
internal sealed class Recording
{
    /// <summary>Nothing recorded is left: the run is live.</summary>
    public static readonly Recording None = new([], 0);

    private readonly EventRecord[] _events;
    private int _next;

    public Recording(EventRecord[] events, int first)
    {
        _events = events;
        _next = first;
    }

    /// <summary>
    /// Whether all recorded events are taken. What operators and the engine noted between them is passed over: the code does not see it.
    /// </summary>
    public bool IsOver
    {
        get
        {
            while (_next < _events.Length && EventKinds.IsNeutral(_events[_next].Kind))
            {
                if (_events[_next].Kind == EventKind.RunBlocked)
                {
                    EndsInside = true;
                    Blocks++;
                }
                // The turn went on behind the block: the code has asked for a version since.
                else if (_events[_next].Kind == EventKind.VersionMarker) EndsInside = false;
                _next++;
            }
            if (_next < _events.Length) EndsInside = false;
            return _next == _events.Length;
        }
    }

    /// <summary>Whether the recorded events ended with a block, which may have cut a turn: what the code does beyond it happens for the first time.</summary>
    public bool EndsInside { get; private set; }

    /// <summary>Whether the recorded events are the run's birth and nothing that its code or anybody else has done since.</summary>
    public bool IsOnlyBirth
    {
        get
        {
            for (var i = 1; i < _events.Length; i++)
                if (!EventKinds.IsNeutral(_events[i].Kind) || _events[i].Kind == EventKind.VersionMarker) return false;
            return _events.Length > 0;
        }
    }

    /// <summary>How often the run was quarantined between the events that were taken or passed over.</summary>
    public int Blocks { get; private set; }

    /// <summary>The next recorded event. Only when <see cref="IsOver"/> was found false.</summary>
    public ref readonly EventRecord Next => ref _events[_next];

    public void Take() => _next++;
}
