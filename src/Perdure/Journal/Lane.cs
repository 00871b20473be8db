using System.Collections.Concurrent;
using Perdure.Storage;

namespace Perdure.Journal;

/// <summary>
/// Makes turns durable: takes whatever runs have to write at the moment it becomes free, as one group, and tells each run what became of its bundle.
/// One group is in flight at a time; the next one fills while it flushes.
/// </summary>
internal sealed class Lane
{
    /// <summary>Largest group: bundles, and bytes of events.</summary>
    private const int MaxBundles = 4096;
    private const int MaxBytes = 1024 * 1024;

    /// <summary>So often the processor is given away at most: by a clock that is set by hand no time may pass.</summary>
    private const int MaxYields = 1000;

    private readonly IPerdureStore _store;
    private readonly StoreCalls _calls;
    private readonly KnownWork _known;
    private readonly TimeProvider _clock;
    private readonly IEngineScheduler _scheduler;
    private readonly ConcurrentQueue<IBundleSource> _queue = new();
    private readonly AsyncSignal _signal = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly long _worker;
    private readonly int _number;
    private long _attempts;
    private long _previous;
    private TimeSpan _lastCommit;
    private int _lastSize;
    private int _busy;

    public Lane(IPerdureStore store, StoreCalls calls, KnownWork known, TimeProvider clock, IEngineScheduler scheduler, long worker, int number) =>
        (_store, _calls, _known, _clock, _scheduler, _worker, _number) = (store, calls, known, clock, scheduler, worker, number);

    /// <summary>How long the lane stays awake at most for what is about to come.</summary>
    public TimeSpan LingerLimit { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>Told the store's clock with every group.</summary>
    public required Action<Instant, long> OnClock { get; init; }

    /// <summary>Called when the store says that this worker is dead. The lane has stopped.</summary>
    public required Action OnFenced { get; init; }

    /// <summary>Called when the store can never be used again, or something happened that nobody foresaw. The lane has stopped.</summary>
    public required Action<Exception> OnFailed { get; init; }

    /// <summary>Whether nothing is queued or in flight.</summary>
    public bool IsIdle => _queue.IsEmpty && Volatile.Read(ref _busy) == 0;

    /// <summary>Asks for <paramref name="source"/>'s bundle to be taken. Thread safe.</summary>
    public void Enqueue(IBundleSource source)
    {
        _queue.Enqueue(source);
        _signal.Set();
    }

    /// <summary>Stops after the group in flight; what is queued is never taken.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _signal.Set();
    }

    /// <summary>The lane's loop. It never fails: whatever ends it is told, and everything that it held is let go.</summary>
    public async Task RunAsync()
    {
        var entries = new List<Entry>();
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                Linger();
                if (_queue.IsEmpty)
                {
                    await _signal.WaitAsync();
                    Linger();
                }
                Volatile.Write(ref _busy, 1);
                Fill(entries);
                if (entries.Count > 0) await CommitAsync(entries);
                entries.Clear();
                Volatile.Write(ref _busy, 0);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Stop();
            OnFailed(e);
        }
        foreach (var entry in entries) LetGo(entry.Source);
        while (_queue.TryDequeue(out var source)) LetGo(source);
        Volatile.Write(ref _busy, 0);
    }

    /// <summary>
    /// Gives the processor away, but stays awake, as long as bodies are about to return; and, if the last commit was of one run alone, as long as there is nothing to write:
    /// whoever was told of it mostly comes back at once, and falling asleep and waking costs as much as a commit. Where many runs go on, the processor is theirs meanwhile, and
    /// more of them come together. A larger group saves a commit, so this may take no longer than the last one did.
    /// </summary>
    private void Linger()
    {
        var limit = _lastCommit < LingerLimit ? _lastCommit : LingerLimit;
        var start = _clock.GetTimestamp();
        for (var i = 0; i < MaxYields && (_known.IsOutstanding || _lastSize == 1 && _queue.IsEmpty) && _clock.GetElapsedTime(start) < limit; i++)
            if (!_scheduler.TryGiveWay()) return;
    }

    private void LetGo(IBundleSource source)
    {
        try
        {
            source.Fenced();
        }
        catch (Exception e)
        {
            // The others must be let go all the same.
            OnFailed(e);
        }
    }

    private void Fill(List<Entry> entries)
    {
        var bytes = 0;
        while (entries.Count < MaxBundles && bytes < MaxBytes && _queue.TryDequeue(out var source))
        {
            RunBundle? bundle;
            try
            {
                bundle = source.Take();
            }
            catch (Exception e)
            {
                // What one run has to say cannot be put into a bundle: that is between it and the engine, and its neighbours are written.
                source.Failed(e);
                continue;
            }
            if (bundle is null) continue;
            entries.Add(new Entry(source, bundle));
            bytes += bundle.Events.Bytes.Length + (bundle.Birth?.Input.Length ?? 0);
        }
    }

    private async Task CommitAsync(List<Entry> entries)
    {
        for (var failures = 0; entries.Count > 0; )
        {
            var group = new RunGroup(new LaneStamp(_worker, _number, ++_attempts, _previous), Bundles(entries));
            GroupOutcome outcome;
            var asked = _clock.GetTimestamp();
            try
            {
                outcome = await _calls.OnceAsync(token => _store.CommitGroupAsync(group, token));
            }
            catch (StoreException e) when (e.Fault == StoreFault.Unknown)
            {
                // Nothing else happens on this lane until the store has said what became of the group.
                if (!await _calls.UntilAnsweredAsync(token => _store.ResolveAsync(_worker, _number, group.Stamp.Number, token), _stop.Token)) continue;
                outcome = await _calls.UntilAnsweredAsync(token => _store.RecallGroupAsync(group, token), _stop.Token);
            }
            catch (StoreException e) when (StoreCalls.MayPass(e.Fault))
            {
                await _calls.BackOffAsync(e, ++failures, _stop.Token);
                continue;
            }
            catch (StoreException e) when (e.Fault == StoreFault.Data)
            {
                await IsolateAsync(entries, e);
                return;
            }
            OnClock(outcome.Now, asked);
            _lastCommit = _clock.GetElapsedTime(asked);
            _lastSize = entries.Count;
            switch (outcome.Verdict)
            {
                case GroupVerdict.Committed:
                    _previous = group.Stamp.Number;
                    for (var i = 0; i < entries.Count; i++) entries[i].Source.Committed(outcome.Bundles[i], outcome.Now);
                    return;
                case GroupVerdict.Fenced:
                    foreach (var entry in entries) entry.Source.Fenced();
                    Stop();
                    OnFenced();
                    return;
                default:
                    Drop(entries, outcome.Refusals);
                    break;
            }
        }
    }

    /// <summary>Halves a group that the store cannot take until the culprit is alone; all others are written.</summary>
    private async Task IsolateAsync(List<Entry> entries, StoreException reason)
    {
        if (entries.Count == 1)
        {
            entries[0].Source.Poisoned(reason);
            return;
        }
        var half = entries.Count / 2;
        await CommitAsync(entries.GetRange(0, half));
        var rest = entries.GetRange(half, entries.Count - half);
        if (!_stop.IsCancellationRequested) await CommitAsync(rest);
        else foreach (var entry in rest) entry.Source.Fenced();
    }

    private static void Drop(List<Entry> entries, IReadOnlyList<Refusal> refusals)
    {
        foreach (var refusal in refusals)
        {
            var index = entries.FindIndex(entry => entry.Bundle.Run == refusal.Run);
            if (index < 0) continue;
            var source = entries[index].Source;
            entries.RemoveAt(index);
            source.Refused(refusal.Reason);
        }
    }

    private static RunBundle[] Bundles(List<Entry> entries)
    {
        var bundles = new RunBundle[entries.Count];
        for (var i = 0; i < bundles.Length; i++) bundles[i] = entries[i].Bundle;
        return bundles;
    }

    private readonly record struct Entry(IBundleSource Source, RunBundle Bundle);
}
