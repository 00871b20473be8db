using Perdure.Storage;

namespace Perdure.Formats;

/// <summary>What stands in a history when its run is born.</summary>
internal static class FirstEvents
{
    /// <param name="input">Input, JSON.</param>
    /// <param name="now">Creation.</param>
    /// <param name="due">Not entered before; <paramref name="now"/> for at once.</param>
    public static EventBatch Write(ReadOnlyMemory<byte> input, Instant now, Instant due)
    {
        var writer = new ByteWriter(input.Length + 32);
        EventCodec.Write(writer, new EventRecord
        {
            // The code of a run that is scheduled for later is not entered before; that it was, is an event of its own then.
            Kind = EventKind.WorkflowStarted, Sequence = 0, At = now, Attempt = 1, Due = due > now ? due : Instant.Never, Data = input,
        }, previousChecksum: 0);
        return new EventBatch(0, 1, writer.Detach());
    }

    /// <summary>The beginning of a run that goes on in another's place: signals and answers that nobody took there are its own, received before its code is entered.</summary>
    /// <param name="input">Input, JSON.</param>
    /// <param name="now">Creation.</param>
    /// <param name="signals">The signals, and answers to hooks.</param>
    /// <param name="hasData">Whether it begins with data: its row gets them when its code is entered, which is an event of its own then.</param>
    public static EventBatch Write(ReadOnlyMemory<byte> input, Instant now, IReadOnlyList<EventRecord> signals, bool hasData)
    {
        if (signals.Count == 0 && !hasData) return Write(input, now, now);
        var writer = new ByteWriter(input.Length + 64 * signals.Count);
        var checksum = EventCodec.Write(writer, new EventRecord { Kind = EventKind.WorkflowStarted, At = now, Attempt = 1, Due = now, Data = input }, previousChecksum: 0);
        for (var i = 0; i < signals.Count; i++)
            checksum = EventCodec.Write(writer, new EventRecord { Kind = signals[i].Kind, Sequence = i + 1, At = now, Name = signals[i].Name, Note = signals[i].Note, Data = signals[i].Data }, checksum);
        return new EventBatch(0, 1 + signals.Count, writer.Detach());
    }
}
