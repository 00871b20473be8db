using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>Rows that their owner changes, with the events that go with them, column by column as the server takes them.</summary>
internal sealed class RowColumns
{
    /// <summary>How many parameters <see cref="Give"/> gives.</summary>
    public const int Parameters = 20;

    private readonly List<long> _runs = [];
    private readonly List<int> _terms = [];
    private readonly List<long> _seen = [];
    private readonly List<int> _flags = [];
    private readonly List<long> _notBefore = [];
    private readonly List<int> _statuses = [];
    private readonly List<int> _phases = [];
    private readonly List<long> _dues = [];
    private readonly List<ReadOnlyMemory<byte>> _waiting = [];
    private readonly List<ReadOnlyMemory<byte>> _published = [];
    private readonly List<int> _sequences = [];
    private readonly List<int> _counts = [];
    private readonly List<ReadOnlyMemory<byte>> _bytes = [];
    private readonly List<int> _closeStatuses = [];
    private readonly List<long> _closedAt = [];
    private readonly List<int> _closeCounts = [];
    private readonly List<ReadOnlyMemory<byte>> _closeBytes = [];
    private readonly List<ReadOnlyMemory<byte>> _results = [];
    private readonly List<ReadOnlyMemory<byte>> _failures = [];
    private readonly List<ReadOnlyMemory<byte>> _closePublished = [];

    // Which bundle a row belongs to.
    private readonly List<int> _places = [];

    [Flags]
    private enum Flags
    {
        None = 0,
        RequiresSeen = 1,
        Changes = 2,
        ClearsCrashes = 4,
        Releases = 8,
        Closes = 16,
        Publishes = 32,
        PublishesAtClose = 64,
    }

    public int Count => _runs.Count;

    /// <summary>Runs whose tasks go when they close.</summary>
    public List<long> Swept { get; } = [];

    /// <summary>Place of the bundle whose row is the server's number <paramref name="ordinal"/>, from 1.</summary>
    public int PlaceOf(long ordinal) => _places[(int)ordinal - 1];

    /// <summary>Adds the row of bundle number <paramref name="place"/>. The events of a birth stand in its first row already.</summary>
    public void Add(RunBundle bundle, int place)
    {
        var born = bundle.Birth is not null;
        var row = bundle.Row;
        var close = bundle.Close;
        var closePublished = close?.Published ?? row?.Published;
        _places.Add(place);
        _runs.Add(bundle.Run);
        _terms.Add(bundle.Birth is null ? bundle.Term : 1);
        _seen.Add(bundle.Seen);
        _flags.Add((int)FlagsOf(bundle, closePublished is not null));
        _notBefore.Add(bundle.NotBefore.Micros);
        _statuses.Add((int)(row?.Status ?? default));
        _phases.Add((int)(row?.Phase ?? default));
        _dues.Add(row?.DueAt.Micros ?? 0);
        _waiting.Add(row?.Waiting ?? default);
        _published.Add(row?.Published ?? default);
        _sequences.Add(born ? bundle.BaseSequence + bundle.Events.Count : bundle.BaseSequence);
        _counts.Add(born ? 0 : bundle.Events.Count);
        _bytes.Add(born ? default : bundle.Events.Bytes);
        _closeStatuses.Add((int)(close?.Status ?? default));
        _closedAt.Add(close?.At.Micros ?? 0);
        _closeCounts.Add(close?.Event.Count ?? 0);
        _closeBytes.Add(close?.Event.Bytes ?? default);
        _results.Add(close?.Result ?? default);
        _failures.Add(close?.Failure ?? default);
        _closePublished.Add(closePublished ?? default);
        if (close is { KeepQueued: false }) Swept.Add(bundle.Run);
    }

    public void Clear()
    {
        if (_runs.Count == 0) return;
        _places.Clear();
        _runs.Clear();
        _terms.Clear();
        _seen.Clear();
        _flags.Clear();
        _notBefore.Clear();
        _statuses.Clear();
        _phases.Clear();
        _dues.Clear();
        _waiting.Clear();
        _published.Clear();
        _sequences.Clear();
        _counts.Clear();
        _bytes.Clear();
        _closeStatuses.Clear();
        _closedAt.Clear();
        _closeCounts.Clear();
        _closeBytes.Clear();
        _results.Clear();
        _failures.Clear();
        _closePublished.Clear();
        Swept.Clear();
    }

    /// <summary>The parameters, in the order of the function.</summary>
    public void Give(Question question) => question
        .Give(_runs).Give(_terms).Give(_seen).Give(_flags).Give(_notBefore).Give(_statuses).Give(_phases).Give(_dues)
        .Give(_waiting).Give(_published).Give(_sequences).Give(_counts).Give(_bytes)
        .Give(_closeStatuses).Give(_closedAt).Give(_closeCounts).Give(_closeBytes).Give(_results).Give(_failures).Give(_closePublished);

    private static Flags FlagsOf(RunBundle bundle, bool publishesAtClose)
    {
        var flags = Flags.None;
        if (bundle.RequireSeen) flags |= Flags.RequiresSeen;
        if (bundle.Release) flags |= Flags.Releases;
        if (bundle.Close is not null) flags |= publishesAtClose ? Flags.Closes | Flags.PublishesAtClose : Flags.Closes;
        if (bundle.Row is not { } row) return flags;
        flags |= Flags.Changes;
        if (row.ClearCrashes) flags |= Flags.ClearsCrashes;
        if (row.Published is not null) flags |= Flags.Publishes;
        return flags;
    }
}
