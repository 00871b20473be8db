namespace Perdure.Storage.Memory;

/// <summary>What is remembered of a keyed start, even when its run has been deleted, and from when on the key is free; <see cref="Instant.Never"/> while its run exists.</summary>
internal sealed record StartKeyRow(long Run, string RunId, string Workflow, ReadOnlyMemory<byte> InputHash, Instant FreeAt)
{
    public static StartKeyRow Of(RunBirth birth) => new(birth.Key, birth.Id, birth.Workflow, birth.InputHash, birth.KeyFreeAt);
}
