using Perdure.Torture.Processes;

namespace Perdure.Torture.Records;

/// <summary>What was done to the processes. Thread safe.</summary>
internal sealed class FaultLog
{
    private readonly List<Fault> _faults = [];

    public IReadOnlyList<Fault> All
    {
        get
        {
            lock (_faults) return [.. _faults];
        }
    }

    public Fault Add(FaultKind kind, WorkerProcess? worker = null)
    {
        var fault = new Fault { Kind = kind, Boot = worker?.Boot, Worker = worker?.Name, At = DateTime.UtcNow };
        lock (_faults) _faults.Add(fault);
        return fault;
    }

    public int Count(params ReadOnlySpan<FaultKind> kinds)
    {
        var count = 0;
        lock (_faults)
        {
            foreach (var fault in _faults)
                if (kinds.Contains(fault.Kind)) count++;
        }
        return count;
    }
}
