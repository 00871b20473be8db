namespace Perdure.Torture.Adapter.Interpretation;

/// <summary>A branch of a fan-out. One that nobody waits for any more asks for nothing more.</summary>
internal sealed class Branch
{
    /// <summary>The operation that it waits for.</summary>
    public Task? Current { get; set; }

    public bool IsAbandoned { get; set; }

    public void ThrowIfAbandoned()
    {
        if (IsAbandoned) throw new OperationCanceledException("Nobody waits for this branch.");
    }
}
