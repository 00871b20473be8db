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
}
