using Perdure.Storage;

namespace Perdure.Bench.Cases;

/// <summary>Runs that wait on a queue, started without an engine.</summary>
internal static class Backlog
{
    public const string Workflow = "bench";

    private const int BirthsACall = 2000;

    public static async Task StartAsync(IPerdureStore store, string queue, int count, string workflow = Workflow)
    {
        while (count > 0)
        {
            var block = await store.ReserveKeysAsync(Math.Min(count, BirthsACall), default);
            var births = new RunBirth[block.Count];
            for (var i = 0; i < births.Length; i++)
            {
                births[i] = new RunBirth
                {
                    Key = block.First + i, Id = Guid.NewGuid().ToString("N"), Workflow = workflow, Version = 1, Queue = queue, Priority = i % 3, CreatedAt = block.Now, DueAt = block.Now,
                    InputHash = default, Input = "1"u8.ToArray(), EngineSemantics = 1, MaxCrashes = 3, Events = new EventBatch(0, 1, new byte[60]), ConcurrencyKey = i % 2 == 0 ? $"tenant {i % 100}" : null,
                };
            }
            await store.StartRunsAsync(births, default);
            count -= births.Length;
        }
    }
}
