namespace Perdure.Storage.Memory;

/// <summary>What is remembered of a keyed start, even when its run has been deleted.</summary>
internal sealed record StartKeyRow(long Run, string RunId, string Workflow, ReadOnlyMemory<byte> InputHash)
{
    public static StartKeyRow Of(RunBirth birth) => new(birth.Key, birth.Id, birth.Workflow, birth.InputHash);
}
