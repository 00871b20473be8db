using Perdure.Storage;

namespace Perdure.Stores.Tests.Differential;

/// <summary>
/// An independent idea of which attempts may pass: small enough to be right at a glance, and it never looks into a store.
/// </summary>
internal sealed class FenceOracle
{
    private readonly Dictionary<(long Worker, int Lane), (long Last, long Barrier)> _lanes = [];
    private readonly Dictionary<long, Instant> _leases = [];

    public void Register(long worker, Instant leaseUntil) => _leases[worker] = leaseUntil;

    public bool IsAlive(long worker) => _leases.ContainsKey(worker);

    /// <summary>Renews, if the worker may; answers whether it may.</summary>
    public bool Renew(long worker, Instant leaseUntil)
    {
        if (!IsAlive(worker)) return false;
        _leases[worker] = leaseUntil;
        return true;
    }

    public int MarkDead(Instant now)
    {
        var late = _leases.Where(lease => lease.Value < now).Select(lease => lease.Key).ToArray();
        foreach (var worker in late) _leases.Remove(worker);
        return late.Length;
    }

    public void Retire(long worker) => _leases.Remove(worker);

    public bool Passes(LaneStamp stamp)
    {
        var (last, barrier) = Lane(stamp.Worker, stamp.Lane);
        return IsAlive(stamp.Worker) && last == stamp.Previous && stamp.Number > barrier;
    }

    public void Committed(LaneStamp stamp) =>
        _lanes[(stamp.Worker, stamp.Lane)] = Lane(stamp.Worker, stamp.Lane) with { Last = stamp.Number };

    public bool Resolve(long worker, int lane, long number)
    {
        var (last, barrier) = Lane(worker, lane);
        _lanes[(worker, lane)] = (last, Math.Max(barrier, number));
        return last == number;
    }

    private (long Last, long Barrier) Lane(long worker, int lane) => _lanes.GetValueOrDefault((worker, lane));
}
