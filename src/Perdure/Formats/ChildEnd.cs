using System.Buffers;
using System.Text.Json;
using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Formats;

/// <summary>How a child ended, as its parent is told.</summary>
/// <param name="Operation">The parent's operation.</param>
/// <param name="Child">The id under which the parent knows the child.</param>
/// <param name="Status">Terminal status.</param>
/// <param name="Attempts">Attempts of the child's workflow.</param>
/// <param name="Data">The result, or the failure; JSON.</param>
internal readonly record struct ChildEnd(int Operation, string Child, RunStatus Status, int Attempts, ReadOnlyMemory<byte> Data)
{
    /// <summary>The message that tells the parent. One is written for each end of the child, in the transaction that closes it.</summary>
    /// <param name="parent">The parent.</param>
    /// <param name="ending">Names this end among those that the child had before it was reopened.</param>
    public OutgoingMessage ToMessage(long parent, int ending) =>
        new() { RunKey = parent, Id = $"_child-{Child}-{ending}", Kind = MessageKind.ChildEnd, Payload = Write() };

    public ReadOnlyMemory<byte> Write()
    {
        var buffer = new ArrayBufferWriter<byte>(Data.Length + 128);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("operation", Operation);
        writer.WriteString("child", Child);
        writer.WriteNumber("status", (int)Status);
        writer.WriteNumber("attempts", Attempts);
        if (!Data.IsEmpty)
        {
            writer.WritePropertyName("data");
            writer.WriteRawValue(Data.Span, skipInputValidation: true);
        }
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    public static ChildEnd Read(ReadOnlyMemory<byte> payload)
    {
        using var document = JsonDocument.Parse(payload);
        var root = document.RootElement;
        var data = root.TryGetProperty("data", out var value) ? System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value).ToArray() : [];
        return new(root.GetProperty("operation").GetInt32(), root.GetProperty("child").GetString()!, (RunStatus)root.GetProperty("status").GetInt32(),
            root.GetProperty("attempts").GetInt32(), data);
    }

    /// <summary>A child that could not be started because another run holds its key or id.</summary>
    public static ChildEnd NotStarted(int operation, string child, string name) => new(operation, child, RunStatus.Failed, 0,
        new Failure(ErrorCodes.AlreadyExists, $"'{name}' belongs to another run; nothing was started.", Final: true).Encode());
}
