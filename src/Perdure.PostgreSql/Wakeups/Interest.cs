namespace Perdure.PostgreSql.Wakeups;

/// <summary>
/// What this process waits for of others: it says so when somebody here begins to wait, and again as long as somebody does, so that who is gone is forgotten. Thread safe.
/// </summary>
internal sealed class Interest(TimeProvider clock, Action<HintKind> say)
{
    /// <summary>How often it is said. Far less than its <see cref="Audience.Lifetime"/>: a word may be lost.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Want _ends = new(HintKind.WaitsForEnds);
    private readonly Want _news = new(HintKind.WaitsForNews);

    /// <summary>Somebody begins to wait, until the result is disposed.</summary>
    public IDisposable Wait(HintKind kind, IDisposable subscription)
    {
        var want = kind == HintKind.WaitsForNews ? _news : _ends;
        bool isNew;
        lock (_gate)
        {
            want.Waiters++;
            isNew = TakeTurn(want);
        }
        if (isNew) say(want.Kind);
        return new Waiting(this, want, subscription);
    }

    /// <summary>Says again what is still true, if it is time.</summary>
    public void Remind()
    {
        var due = HintKind.None;
        lock (_gate)
        {
            if (_ends.Waiters > 0 && TakeTurn(_ends)) due |= _ends.Kind;
            if (_news.Waiters > 0 && TakeTurn(_news)) due |= _news.Kind;
        }
        if (due != HintKind.None) say(due);
    }

    /// <summary>Answers somebody who has just come.</summary>
    public void Answer()
    {
        lock (_gate) _ends.SaidAt = _news.SaidAt = null;
        Remind();
    }

    private bool TakeTurn(Want want)
    {
        if (want.SaidAt is { } last && clock.GetElapsedTime(last) < Interval) return false;
        want.SaidAt = clock.GetTimestamp();
        return true;
    }

    private sealed class Want(HintKind kind)
    {
        public HintKind Kind => kind;

        public int Waiters { get; set; }

        public long? SaidAt { get; set; }
    }

    private sealed class Waiting(Interest owner, Want want, IDisposable subscription) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, true)) return;
            subscription.Dispose();
            lock (owner._gate) want.Waiters--;
        }
    }
}
