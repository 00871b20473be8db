using System.Text.Json;
using Perdure.Files.Rows;

namespace Perdure.Files.Folders;

/// <summary>What an owner says of itself. It proves nothing: the lock does.</summary>
/// <param name="Host">Name of the machine.</param>
/// <param name="Process">Number of the process.</param>
/// <param name="Program">Name of the program.</param>
internal sealed record OwnerNote(string Host, int Process, string Program)
{
    public static byte[] OfThisProcess() => JsonSerializer.SerializeToUtf8Bytes(
        new OwnerNote(Environment.MachineName, Environment.ProcessId, Path.GetFileNameWithoutExtension(Environment.ProcessPath) ?? "unknown"), StoreJson.Of<OwnerNote>());

    public static string Describe(byte[] note) => JsonSerializer.Deserialize(note, StoreJson.Of<OwnerNote>()) is { } owner
        ? $"process {owner.Process} ({owner.Program}) on {owner.Host}"
        : "another process";
}
