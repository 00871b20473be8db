namespace Perdure.Simulation;

/// <summary>How often what happened; below certain minima a result says nothing.</summary>
internal sealed class TapCounts
{
    public int Groups { get; set; }

    /// <summary>Groups that were refused because their worker had been presumed dead.</summary>
    public int RefusedZombies { get; set; }

    public int RefusedBundles { get; set; }

    /// <summary>Calls of which the caller was not told whether they were executed.</summary>
    public int UnknownOutcomes { get; set; }

    /// <summary>Messages that the store took.</summary>
    public int Messages { get; set; }

    /// <summary>Activities that were taken off their queues.</summary>
    public int Withdrawn { get; set; }

    public int Reopened { get; set; }

    /// <summary>Those among them that had been cancelled or terminated.</summary>
    public int ReopenedStopped { get; set; }

    /// <summary>Row updates that were stored although a message had come that their owner had not read.</summary>
    public int UnreadAtCommit { get; set; }

    public int Takeovers { get; set; }

    public int Events { get; set; }

    public int Claims { get; set; }
}
