using System.Text;
using Perdure.Files.Rows;
using Perdure.Storage;

namespace Perdure.Stores.Tests.Files;

/// <summary>Events as readable lines come back as exactly the bytes that they were; a changed line does not pass for them.</summary>
public sealed class EventLinesTests
{
    private static readonly EventRecord[] Events =
    [
        new() { Kind = EventKind.WorkflowStarted, At = new(1_000_000), Name = "order", Attempt = 1, Data = Utf8("""{"sku":"ü","n":1.50}""") },
        new() { Kind = EventKind.StepCompleted, At = new(1_000_001), Operation = 0, Attempt = 2, Losses = 1, Name = "charge", Source = "A.cs:1", Data = Utf8("null") },
        new() { Kind = EventKind.SleepStarted, At = new(long.MaxValue - 1), Operation = 1, Due = new(-5), Note = "a \"note\"\nwith lines" },
        new() { Kind = EventKind.StepFailed, At = new(3), Operation = 2, Undoes = -1, Name = "😀", Data = Utf8("{\n \"pretty\": [1, 2]\n}") },
        new() { Kind = EventKind.SignalReceived, At = new(4), Operation = 3, Name = "go", Data = new byte[] { 1, 2, 255 } },
        new() { Kind = EventKind.WaitStarted, At = new(5), Operation = 3, Name = "go", Place = "\U0001F600 \"ask\"", Due = new(6), Note = "" },
        new() { Kind = EventKind.SideEffect, At = new(5), Operation = 4, Data = Utf8(" 1 ") },
    ];

    [Fact]
    public void Events_InOneBatch_ComeBackByteForByte()
    {
        var batch = Encode(Events);
        var read = EventLines.Read(new EventLines().Write(batch), expected: Events.Length);
        Assert.Equal(Events.Length, read.Count);
        Assert.Equal(batch.Bytes.ToArray(), read.SelectMany(line => line.Bytes.ToArray()));
        Assert.Equal(Events.Length, EventCodec.ReadAll(read, out _).Length);
    }

    [Fact]
    public void Events_AsLines_AreReadable()
    {
        var lines = Encoding.UTF8.GetString(new EventLines().Write(Encode(Events)).Span).Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.StartsWith("""{"seq":0,"at":"1970-01-01T00:00:01.000000Z","event":"workflow_started","attempt":1,"name":"order","data":{"sku":"ü","n":1.50},"checksum":""", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("""{"seq":1,"at":"1970-01-01T00:00:01.000001Z","event":"step_completed","operation":0,"attempt":2,"losses":1,"name":"charge","source":"A.cs:1","data":null,""", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void BytesThatAreNoEvents_ComeBackByteForByte()
    {
        var random = new Random(3);
        for (var i = 0; i < 2_000; i++)
        {
            // Damage to real events reaches further than noise does.
            var bytes = Encode(Events).Bytes.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var batch = new EventBatch(7, Events.Length, bytes);
            var read = EventLines.Read(new EventLines().Write(batch), expected: 0);
            Assert.Equal(bytes, read.SelectMany(line => line.Bytes.ToArray()));
            Assert.Equal((7, batch.End), (read[0].FirstSequence, read[^1].End));
        }
    }

    [Fact]
    public void AnyLetterOfALine_Changed_IsFoundByWhoeverReadsTheHistory()
    {
        var lines = new EventLines().Write(Encode(Events[..2])).ToArray();
        for (var i = 0; i < lines.Length; i++)
        {
            byte[] changed = [.. lines];
            changed[i] = (byte)(changed[i] == 'x' ? 'y' : 'x');
            Assert.True(IsDamaged(changed), $"A changed letter {i} was not found: {Encoding.UTF8.GetString(changed)}");
        }
        Assert.False(IsDamaged(lines));
        Assert.True(IsDamaged(lines[..^5]));
    }

    private static bool IsDamaged(byte[] file)
    {
        try
        {
            EventCodec.ReadAll(EventLines.Read(file, expected: 2), out _);
            return false;
        }
        catch (CorruptHistoryException)
        {
            return true;
        }
    }

    private static EventBatch Encode(EventRecord[] events)
    {
        var buffer = new ByteWriter();
        var checksum = 0u;
        foreach (var e in events) checksum = EventCodec.Write(buffer, e, checksum);
        return new EventBatch(0, events.Length, buffer.Detach());
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
