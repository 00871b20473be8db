namespace Perdure;

/// <summary>What is done to many runs: see <see cref="IPerdureClient.BulkAsync"/>.</summary>
public enum BulkAct
{
    /// <summary>Asks each to stop, as <see cref="IPerdureClient.CancelAsync"/>. Without statuses in the filter: the live runs.</summary>
    Cancel = 0,

    /// <summary>Lets each go on, as <see cref="IPerdureClient.RetryAsync"/>. Without statuses in the filter: those that failed, timed out or are blocked.</summary>
    Retry = 1,

    /// <summary>Ends each at once, as <see cref="IPerdureClient.TerminateAsync"/>. Without statuses in the filter: the live runs.</summary>
    Terminate = 2,

    /// <summary>Deletes each, as <see cref="IPerdureClient.DeleteAsync"/>. Without statuses in the filter: those that have ended.</summary>
    Delete = 3,
}
