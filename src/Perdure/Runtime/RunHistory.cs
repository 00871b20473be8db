using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>
/// The growing end of a run's history: numbers its events, keeps their times from falling, chains their checksums and collects them in the draft that its
/// owner takes for a commit.
/// </summary>
/// <param name="losses">How often the run has lost its worker; stands in every event.</param>
internal sealed class RunHistory(int losses)
{
    private uint _checksum;
    private RunDraft? _spare;

    /// <summary>Number of events, the drafted ones included.</summary>
    public int Count { get; private set; }

    public RunDraft Draft { get; private set; } = new(0);

    /// <summary>When the last event was written.</summary>
    public Instant LastAt { get; private set; } = Instant.Earliest;

    /// <summary>Goes on behind stored events.</summary>
    public void Continue(EventRecord[] events, uint checksum)
    {
        Count = events.Length;
        LastAt = events[^1].At;
        _checksum = checksum;
        Draft = new RunDraft(Count);
    }

    /// <summary>Adds an event.</summary>
    public EventRecord Append(in EventRecord e, Instant now, bool deferrable = false)
    {
        LastAt = Instant.Max(now, LastAt);
        var numbered = e with { Sequence = Count++, At = LastAt, Losses = losses };
        _checksum = Draft.Append(numbered, _checksum, deferrable);
        return numbered;
    }

    /// <summary>Encodes an event as the next one without adding it: whether it is written is not known yet.</summary>
    public EventBatch Preview(in EventRecord e, Instant now, out Instant at)
    {
        at = Instant.Max(now, LastAt);
        var writer = new ByteWriter();
        EventCodec.Write(writer, e with { Sequence = Count, At = at, Losses = losses }, _checksum);
        return new EventBatch(Count, 1, writer.Detach());
    }

    /// <summary>Gives away what is to be written; what comes next fills a new draft.</summary>
    public RunDraft TakeDraft()
    {
        var draft = Draft;
        Draft = _spare ?? new RunDraft(Count);
        Draft.Reuse(Count);
        _spare = null;
        return draft;
    }

    /// <summary>Nothing is to be written for a while.</summary>
    public void Rest()
    {
        _spare = null;
        if (Draft.IsEmpty) Draft.Rest();
    }

    /// <summary>Takes back a draft of which everything has been written and begun: a run needs two, one that fills while the other is on its way.</summary>
    public void GiveBack(RunDraft draft) => _spare = draft;
}
