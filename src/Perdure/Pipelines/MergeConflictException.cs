using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>Two branches of a parallel block changed one key of the run's data, and the block has no <c>Into</c>. The run fails.</summary>
public sealed class MergeConflictException : PerdureException, IFinalError
{
    internal MergeConflictException(string block, string key, string first, string second)
        : base(ErrorCodes.MergeConflict, $"In the parallel block '{block}' the branches '{first}' and '{second}' both changed \"{SafeText.Shorten(key, 255)}\". Use other keys, or merge them in Into.") =>
        Key = key;

    /// <summary>The key.</summary>
    public string Key { get; }
}
