using Perdure.Storage.Memory;

namespace Perdure.Files.Rows;

/// <summary>What a start key was used for.</summary>
internal sealed record StartKeyDocument(string StartKey, long Run, string RunId, string Workflow, ReadOnlyMemory<byte> InputHash)
{
    public static StartKeyDocument Of(string startKey, StartKeyRow row) => new(startKey, row.Run, row.RunId, row.Workflow, row.InputHash);

    public StartKeyRow ToRow() => new(Run, RunId, Workflow, InputHash);
}
