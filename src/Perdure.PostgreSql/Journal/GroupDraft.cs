using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>A group on its way to the server: its bundles taken apart into columns. Used again and again; by one call at a time.</summary>
internal sealed class GroupDraft
{
    private readonly List<long> _runs = [];
    private readonly List<int> _sequences = [];
    private readonly List<int> _counts = [];
    private readonly List<ReadOnlyMemory<byte>> _bytes = [];
    private readonly List<long> _doubtfulRuns = [];
    private readonly List<int> _doubtfulEnds = [];
    private readonly List<int> _birthPlaces = [];
    private readonly RowColumns _rows = new();
    private readonly BirthColumns _births = new();
    private readonly TaskColumns _tasks = new();
    private readonly DataColumns _data = new();
    private readonly SignalColumns _signals = new();
    private readonly RequestColumns _requests = new();
    private readonly QueueingColumns _queueing = new();
    private readonly KeyColumns _keys = new();

    /// <summary>What follows from the group; empty for the ordinary one.</summary>
    public SequelColumns Sequels { get; } = new();

    /// <summary>Whether the group only appends to histories whose ends are known: one statement is enough.</summary>
    public bool OnlyAppends => _doubtfulRuns.Count == 0 && Parts == GroupParts.None;

    /// <summary>Whether the group only does what nearly all groups do, so that the shorter function can write it.</summary>
    public bool IsOrdinary => _doubtfulRuns.Count == 0 && _births.ArePlain && _tasks.IsEmpty && _rows.Swept.Count == 0 && Sequels.IsEmpty;

    /// <summary>Whether statements follow the group.</summary>
    public bool HasMoreToSay => HasData || HasSignals || HasRequests || MovesRequests || HasQueueing || HasKeys || !Sequels.IsEmpty;

    /// <summary>What the group has besides events.</summary>
    public GroupParts Parts =>
        (_rows.Count > 0 ? GroupParts.Rows : 0) | (_births.Count > 0 ? GroupParts.Births : 0) | (_tasks.IsEmpty ? 0 : GroupParts.Tasks);

    /// <summary>Whether some run changed its data.</summary>
    public bool HasData => !_data.IsEmpty;

    /// <summary>Whether the server must look before it writes: what the group adds to inboxes would hide whether a bundle fits.</summary>
    public bool MustLook { get; private set; }

    /// <summary>Whether some bundle contradicts itself, so that nothing may be written.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Takes a group apart. <paramref name="ends"/>: what is known of the histories; null to have the server look at each.</summary>
    public void Fill(RunGroup group, HistoryEnds? ends)
    {
        Clear();
        var bundles = group.Bundles;
        var hasSequels = bundles.Any(static bundle => bundle.HasSequel());
        for (var i = 0; i < bundles.Count; i++)
        {
            var bundle = bundles[i];
            IsRefused |= bundle.IsOutOfOrder();
            if (bundle.Birth is { } birth)
            {
                _birthPlaces.Add(i);
                _births.Add(birth, bundle.Owned ? group.Stamp.Worker : 0, bundle.Owned ? Joined.Batch(birth.Events, bundle.Events) : birth.Events);
                if (!bundle.Owned)
                {
                    _queueing.Add(birth);
                    _keys.Add(birth);
                    continue;
                }
                if (bundle.ChangesBirth()) _rows.Add(bundle, i);
            }
            else
            {
                if (ends?.IsAt(bundle.Run, bundle.BaseSequence) != true)
                {
                    _doubtfulRuns.Add(bundle.Run);
                    _doubtfulEnds.Add(bundle.BaseSequence);
                }
                if (bundle.WritesRow()) _rows.Add(bundle, i);
                else if (bundle.Events.Count > 0) Append(bundle.Run, bundle.Events);
            }
            _tasks.Add(bundle, group.Stamp.Worker);
            _data.Add(bundle);
            _signals.Add(bundle);
            if (hasSequels && bundle.WritesRow()) Sequels.Add(bundle, i);
            _requests.Add(bundle);
            _queueing.Add(bundle);
            _keys.Add(bundle);
            MustLook |= bundle.MayLackCode();
        }
    }

    /// <summary>Place of the bundle whose birth is the server's number <paramref name="ordinal"/>, from 1.</summary>
    public int PlaceOfBirth(long ordinal) => _birthPlaces[(int)ordinal - 1];

    /// <summary>Place of the bundle whose row is the server's number <paramref name="ordinal"/>, from 1.</summary>
    public int PlaceOfRow(long ordinal) => _rows.PlaceOf(ordinal);

    /// <summary>What the rows are told when their owners had read all messages.</summary>
    public void ExpectRows(IReadOnlyList<RunBundle> bundles, BundleOutcome[] outcomes)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            var place = _rows.PlaceOf(i + 1);
            var bundle = bundles[place];
            outcomes[place] = outcomes[place] with { Inbox = bundle.Seen, Closed = bundle.Close is not null, Released = bundle.Close is null && bundle.Release };
        }
    }

    public void GiveAppends(Question question) => question.Give(_runs).Give(_sequences).Give(_counts).Give(_bytes);

    public void Give(Question question, GroupParts parts)
    {
        GiveAppends(question);
        question.Give(_doubtfulRuns).Give(_doubtfulEnds);
        if ((parts & GroupParts.Rows) != 0)
        {
            _rows.Give(question);
            question.Give(_rows.Swept);
        }
        if ((parts & GroupParts.Births) != 0) _births.Give(question);
        if ((parts & GroupParts.Tasks) != 0) _tasks.Give(question);
    }

    /// <summary>As <see cref="Give"/>, for the function that writes ordinary groups.</summary>
    public void GiveOrdinary(Question question)
    {
        GiveAppends(question);
        if (_rows.Count > 0) _rows.Give(question);
        if (_births.Count > 0) _births.GivePlain(question);
    }

    public void GiveData(Question question) => _data.Give(question);

    /// <summary>Whether the group says how many signals its runs have taken.</summary>
    public bool HasSignals => !_signals.IsEmpty;

    /// <summary>Whether the group does something to requests.</summary>
    public bool HasRequests => !_requests.IsEmpty;

    public void GiveRequests(Question question) => _requests.Give(question);

    public bool MovesRequests => _requests.HasMoves;

    public void GiveMoves(Question question) => _requests.GiveMoves(question);

    /// <summary>Whether something that the group creates says anything to the limits of its queue.</summary>
    public bool HasQueueing => !_queueing.IsEmpty;

    public void GiveQueueing(Question question) => _queueing.Give(question);

    /// <summary>Whether some birth says how long its start key is its own.</summary>
    public bool HasKeys => !_keys.IsEmpty;

    public void GiveKeys(Question question) => _keys.Give(question);

    public void GiveSignals(Question question) => _signals.Give(question);

    /// <summary>Forgets the group, and with it the payloads.</summary>
    public void Clear()
    {
        _runs.Clear();
        _sequences.Clear();
        _counts.Clear();
        _bytes.Clear();
        _doubtfulRuns.Clear();
        _doubtfulEnds.Clear();
        _birthPlaces.Clear();
        _rows.Clear();
        _births.Clear();
        _tasks.Clear();
        _data.Clear();
        _signals.Clear();
        Sequels.Clear();
        _requests.Clear();
        _queueing.Clear();
        _keys.Clear();
        (MustLook, IsRefused) = (false, false);
    }

    private void Append(long run, in EventBatch events)
    {
        _runs.Add(run);
        _sequences.Add(events.FirstSequence);
        _counts.Add(events.Count);
        _bytes.Add(events.Bytes);
    }
}
