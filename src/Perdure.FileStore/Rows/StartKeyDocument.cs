using Perdure.Storage.Memory;

namespace Perdure.Files.Rows;

/// <summary>What a start key was used for, and from when on it is free; null while its run exists.</summary>
internal sealed record StartKeyDocument(string StartKey, long Run, string RunId, string Workflow, ReadOnlyMemory<byte> InputHash, Instant? FreeAt)
{
    public static StartKeyDocument Of(string startKey, StartKeyRow row) =>
        new(startKey, row.Run, row.RunId, row.Workflow, row.InputHash, row.FreeAt.IsNever ? null : row.FreeAt);

    public StartKeyRow ToRow() => new(Run, RunId, Workflow, InputHash, FreeAt ?? Instant.Never);
}
