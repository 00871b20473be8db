using System.Collections.Concurrent;
using Perdure.Torture.Processes;

namespace Perdure.Torture.Workload;

/// <summary>Starts programs, and runs their scripts. Thread safe.</summary>
internal sealed class Load(TortureConfig config, Clients clients)
{
    private readonly ProgramGenerator _programs = new(config.Seed, config.MaxDeliveries);
    private readonly ConcurrentBag<RunRecord> _records = [];
    private readonly ConcurrentBag<Task> _scripts = [];
    private readonly Lock _gate = new();
    private int _count;

    public IReadOnlyCollection<RunRecord> Records => _records;

    /// <summary>Starts programs at an even pace until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Begin();
                await Task.Delay(TimeSpan.FromSeconds(1 / config.StartsPerSecond), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Starts one program now.</summary>
    public void Begin()
    {
        RunRecord record;
        int seed;
        lock (_gate)
        {
            record = new RunRecord(_programs.Next());
            seed = HashCode.Combine(config.Seed, _count++);
        }
        _records.Add(record);
        _scripts.Add(Task.Run(new Script(clients, record, seed).RunAsync));
    }

    /// <summary>Completes when every script has.</summary>
    public Task ScriptsAsync() => Task.WhenAll(_scripts);
}
