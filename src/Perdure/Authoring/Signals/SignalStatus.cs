namespace Perdure;

/// <summary>Where a signal stood when a wait for several had ended.</summary>
public enum SignalStatus
{
    /// <summary>It came, and was taken.</summary>
    Received,

    /// <summary>It had not come when the limit passed; one that comes later stays buffered.</summary>
    TimedOut,
}
