using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Wakeups;

/// <summary>
/// Hints within the process at once, and to other processes by <c>NOTIFY</c>, if they wait for them. Listening begins with the first subscription. Without notifications hints
/// stay in the process.
/// </summary>
internal sealed class PostgreSqlWakeups : IWakeups
{
    private readonly LocalWakeups _work = new();
    private readonly LocalWakeups _ends = new();
    private readonly LocalWakeups _news = new();
    private readonly Audience _audience = new(TimeProvider.System);
    private readonly Interest _interest;
    private readonly Hints? _hints;
    private readonly Session? _session;

    public PostgreSqlWakeups(Database database, PostgreSqlStoreOptions options, PostgreSqlLog log)
    {
        _interest = new(TimeProvider.System, TellOthers);
        if (options.Pooled || !options.Notifications) return;
        var channel = $"perdure {options.Schema}";
        var sender = Guid.NewGuid().ToString("N");
        _hints = new(database, channel, sender, log);
        _session = new(database, channel, sender, log) { OnHint = Hear, OnHearing = SetHearing, OnRound = _interest.Remind };
    }

    public bool HearsAll => _session is { Hears: true };

    public IDisposable Subscribe(Action onWake)
    {
        _session?.Start();
        return _work.Subscribe(onWake);
    }

    public IDisposable SubscribeToEnds(Action onWake)
    {
        _session?.Start();
        return _interest.Wait(HintKind.WaitsForEnds, _ends.Subscribe(onWake));
    }

    public IDisposable SubscribeToNews(Action onWake)
    {
        _session?.Start();
        return _interest.Wait(HintKind.WaitsForNews, _news.Subscribe(onWake));
    }

    public void Wake()
    {
        WakeHere(HintKind.Work | HintKind.Ends);
        _hints?.Send(HintKind.Work);
    }

    /// <summary>Of some hints those that anybody elsewhere may wait for.</summary>
    public HintKind AudienceOf(HintKind hints) => _audience.Of(hints);

    /// <summary>Tells other processes of what this one has committed; this one knows.</summary>
    public void TellOthers(HintKind kind)
    {
        if (_hints is not null && _audience.Of(kind) is not HintKind.None and var wanted) _hints.Send(wanted);
    }

    /// <summary>The session shows that this worker lives.</summary>
    public void Hold(long worker) => _session?.Hold(worker);

    /// <summary>The worker has said farewell.</summary>
    public void Release(long worker) => _session?.Release(worker);

    public async ValueTask DisposeAsync()
    {
        if (_hints is not null) await _hints.DisposeAsync();
        if (_session is not null) await _session.DisposeAsync();
    }

    private void SetHearing(bool hears)
    {
        _audience.Listens(hears);
        if (hears) TellOthers(HintKind.WhoWaits);
        // What happened before somebody listened was not heard.
        WakeHere(HintKind.Work | HintKind.Ends);
    }

    private void Hear(HintKind hint)
    {
        _audience.Note(hint);
        if ((hint & HintKind.WhoWaits) != 0) _interest.Answer();
        if ((hint & (HintKind.Work | HintKind.Ends | HintKind.News)) is not HintKind.None and var kind) WakeHere(kind);
    }

    private void WakeHere(HintKind kind)
    {
        if ((kind & HintKind.Work) != 0) _work.Wake();
        if (kind != HintKind.News) _ends.Wake();
        _news.Wake();
    }
}
