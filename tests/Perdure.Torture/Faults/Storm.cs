using Perdure.Torture.Processes;
using Perdure.Torture.Records;
using Perdure.Torture.Workload;

namespace Perdure.Torture.Faults;

/// <summary>Injects faults, one after the other, while others are still under way.</summary>
internal sealed class Storm(TortureConfig config, IReadOnlyList<WorkerSlot> slots, Clients clients, Load load, FaultLog faults, IOutage outage)
{
    private readonly Random _random = new(config.Seed);
    private readonly List<Task> _open = [];

    /// <summary>Goes on for the storm's time, and then for as long again as there were too few faults.</summary>
    public async Task RunAsync(Func<bool> isEnough)
    {
        var start = DateTime.UtcNow;
        while (DateTime.UtcNow - start is var time && (time < config.Storm || time < config.Storm * 2 && !isEnough()))
        {
            await Task.Delay(_random.Next(250, 1100));
            _open.RemoveAll(static task => task.IsCompletedSuccessfully);
            foreach (var slot in slots) _open.Add(slot.ReviveAsync());
            _open.Add(Inject());
        }
        await Task.WhenAll(_open);
        foreach (var slot in slots) await slot.ReviveAsync();
    }

    private Task Inject()
    {
        var slot = slots[_random.Next(slots.Count)];
        switch (_random.Next(20))
        {
            case < 10:
                return slot.KillAsync();
            case < 14:
                return slot.FreezeAsync(config.Lease * (1.5 + _random.NextDouble()));
            case < 16:
                return slot.TerminateAsync();
            case < 17:
                return outage.StrikeAsync(TimeSpan.FromMilliseconds(_random.Next(300, 2000)));
            default:
                return KillClientAsync();
        }
    }

    /// <summary>Kills a client that has just been given a lot to do, so that some of it is done and not answered.</summary>
    private async Task KillClientAsync()
    {
        if (clients.FindWarm() is not { } client) return;
        for (var i = 0; i < 3 * clients.Count; i++) load.Begin();
        await Task.Delay(_random.Next(1, 40));
        faults.Add(FaultKind.KillClient);
        clients.Kill(client);
    }
}
