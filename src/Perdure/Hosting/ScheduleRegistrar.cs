using Perdure.Client;
using Perdure.Schedules;
using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Hosting;

/// <summary>Brings the schedules that a program registers into its store, once the worker works; a store that does not answer is asked again.</summary>
internal sealed class ScheduleRegistrar(ScheduleClient client, IReadOnlyList<ScheduleDefinition> schedules, TimeProvider clock, EngineLog log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken stopping)
    {
        foreach (var schedule in schedules)
            while (!stopping.IsCancellationRequested && !await TryAsync(schedule, stopping)) await WaitAsync(stopping);
    }

    private async Task<bool> TryAsync(ScheduleDefinition schedule, CancellationToken stopping)
    {
        try
        {
            await client.RegisterAsync(schedule, stopping);
            return true;
        }
        catch (Exception e) when (e is StoreException or PerdureException)
        {
            log.ScheduleNotRegistered(schedule.Name, e);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private async Task WaitAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(Pause, clock, stopping);
        }
        catch (OperationCanceledException)
        {
            // The program stops; the next start registers.
        }
    }
}
