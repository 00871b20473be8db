using Perdure.Torture.Records;

namespace Perdure.Torture.Rigs;

/// <summary>A database for one torture, and what can be done to it.</summary>
internal interface IRig : IDisposable
{
    /// <summary>Where the adapter finds it.</summary>
    string Address { get; }

    /// <summary>Takes it away for a time, in one way or another.</summary>
    Task StrikeAsync(TimeSpan time, FaultLog faults);

    /// <summary>Whether a process that stands still now may stay so: it does not keep all others from going on.</summary>
    bool MayStandStill(int process);
}
