namespace Perdure;

/// <summary>Where a hook stands.</summary>
public enum HookStatus
{
    /// <summary>It takes answers.</summary>
    Pending,
    /// <summary>It has got all its answers.</summary>
    Received,
    /// <summary>Its time is up.</summary>
    Expired,
    /// <summary>It was taken back, or its run has ended.</summary>
    Disposed,
}

/// <summary>Where a question stands.</summary>
public enum InputStatus
{
    /// <summary>It waits for an answer.</summary>
    Pending,
    /// <summary>It was answered.</summary>
    Provided,
    /// <summary>Its time is up.</summary>
    TimedOut,
    /// <summary>It was taken back, or its run has ended.</summary>
    Cancelled,
}
