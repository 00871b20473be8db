using Perdure.Torture.Processes;
using Perdure.Torture.Records;
using Perdure.Torture.Rigs;
using Perdure.Torture.Workload;

namespace Perdure.Torture.Faults;

/// <summary>Injects faults, one after the other, while others are still under way.</summary>
internal sealed class Storm(TortureConfig config, IReadOnlyList<WorkerSlot> slots, Clients clients, Load load, FaultLog faults, IRig rig)
{
    private readonly Random _random = new(config.Seed);
    private readonly List<Task> _open = [];

    /// <summary>A slow machine needs longer for as many faults.</summary>
    private const int LongestExtension = 3;

    /// <summary>Goes on for the storm's time, and then, for some times as long at most, with what there was too little of.</summary>
    public async Task RunAsync(Func<FaultKind?> missing)
    {
        var start = DateTime.UtcNow;
        while (DateTime.UtcNow - start is var time && time < config.Storm * (1 + LongestExtension))
        {
            var kind = time < config.Storm ? Pick() : missing();
            if (kind is null) break;
            await Task.Delay(_random.Next(200, 900));
            _open.RemoveAll(static task => task.IsCompletedSuccessfully);
            foreach (var slot in slots) _open.Add(slot.ReviveAsync());
            _open.Add(InjectAsync(kind.Value));
        }
        await Task.WhenAll(_open);
        foreach (var slot in slots) await slot.ReviveAsync();
    }

    private FaultKind? Pick() => _random.Next(20) switch
    {
        < 9 => FaultKind.Kill,
        < 13 => FaultKind.Freeze,
        < 15 => FaultKind.Terminate,
        < 18 => FaultKind.Lock,
        _ => FaultKind.KillClient,
    };

    private Task InjectAsync(FaultKind kind)
    {
        // A worker that is struck down before it could take anything shows nothing.
        var life = TimeSpan.FromMilliseconds(_random.Next(300, 2500));
        var free = slots.Where(slot => !slot.IsBusy && DateTime.UtcNow - slot.ReadyAt > life).ToList();
        if (free.Count == 0) return Task.CompletedTask;
        return kind switch
        {
            FaultKind.Kill => free[_random.Next(free.Count)].KillAsync(),
            // The one that has lived longest holds the most.
            FaultKind.Freeze => free.MinBy(slot => slot.ReadyAt)!.FreezeAsync(config.Lease * (1.5 + _random.NextDouble())),
            FaultKind.Terminate => free[_random.Next(free.Count)].TerminateAsync(),
            FaultKind.KillClient => KillClientAsync(),
            _ => rig.StrikeAsync(TimeSpan.FromMilliseconds(_random.Next(300, 2000)), faults),
        };
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
