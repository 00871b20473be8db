using System.Collections.Concurrent;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>The runs that live in this process's memory, and the room that there is for others. Thread safe.</summary>
/// <param name="capacity">So many there may be.</param>
internal sealed class Residents(int capacity)
{
    private readonly ConcurrentDictionary<long, RunActor> _byKey = new();
    private readonly ConcurrentDictionary<string, RunActor> _byId = new(StringComparer.Ordinal);
    private int _isRoomWanted;

    public int Count => _byKey.Count;

    public bool IsEmpty => _byKey.IsEmpty;

    /// <summary>How many more there may be.</summary>
    public int Room => capacity - _byKey.Count;

    /// <summary>Whether room was asked for, there was none, and none has become free since.</summary>
    public bool IsRoomWanted => Volatile.Read(ref _isRoomWanted) != 0;

    /// <summary>Whether none of them does anything.</summary>
    public bool AreIdle
    {
        get
        {
            foreach (var (_, run) in _byKey)
                if (!run.IsIdle) return false;
            return true;
        }
    }

    public RunActor? Find(long key) => _byKey.TryGetValue(key, out var run) ? run : null;

    public RunActor? Find(string id) => _byId.TryGetValue(id, out var run) ? run : null;

    public void Add(RunActor run)
    {
        _byKey[run.Key] = run;
        _byId[run.Id] = run;
    }

    public void Remove(RunActor run)
    {
        _byKey.TryRemove(new KeyValuePair<long, RunActor>(run.Key, run));
        _byId.TryRemove(new KeyValuePair<string, RunActor>(run.Id, run));
    }

    /// <summary>Room is asked for and there is none.</summary>
    public void WantRoom() => Volatile.Write(ref _isRoomWanted, 1);

    /// <summary>A run has left; whether somebody waits for its room. He is told once.</summary>
    public bool TakeWish() => Interlocked.Exchange(ref _isRoomWanted, 0) != 0;

    /// <summary>So many runs that only wait, those first that have done so for longest.</summary>
    public IReadOnlyList<RunActor> FindResting(int most)
    {
        var resting = new List<RunActor>();
        foreach (var (_, run) in _byKey)
            if (run.IsResting) resting.Add(run);
        resting.Sort(static (a, b) => a.LastActive.CompareTo(b.LastActive));
        return resting.Count <= most ? resting : resting.GetRange(0, most);
    }

    /// <summary>Gives back every run that does nothing, however short the time was.</summary>
    public void GiveBackIdle()
    {
        foreach (var (_, run) in _byKey) run.PostAside(new RunMail(RunMailKind.Idle));
    }

    /// <summary>Gives back those that nobody has touched since <paramref name="idleSince"/>, and makes bodies visible that began before <paramref name="longSince"/>.</summary>
    public void Tend(Instant longSince, Instant idleSince)
    {
        foreach (var (_, run) in _byKey)
        {
            run.NoticeLongBodies(longSince);
            if (run.LastActive < idleSince) run.PostAside(new RunMail(RunMailKind.Idle));
        }
    }

    /// <summary>Forgets them all, as they are.</summary>
    public void Drop(EngineLog log)
    {
        foreach (var (_, run) in _byKey)
        {
            try
            {
                run.Drop();
            }
            catch (Exception e)
            {
                // Whoever waits for the other runs must be told all the same.
                log.TurnFailed(run.Id, e);
            }
        }
    }
}
