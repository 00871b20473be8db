namespace Perdure.Pipelines;

/// <summary>What a parallel block does when a branch fails.</summary>
public enum OnError
{
    /// <summary>No further step of the other branches begins, their waits end, and the block fails with the first failure.</summary>
    FailFast,

    /// <summary>The other branches go on to their ends; the block does not fail, and the outcome of each branch tells of it.</summary>
    CompleteAll,
}
