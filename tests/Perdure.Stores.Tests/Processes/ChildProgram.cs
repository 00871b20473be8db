using Perdure.Files;
using Perdure.Sqlite;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Processes;

/// <summary>What this assembly does when a test starts it as a process of its own: <c>ROLE DATABASE RUN-KEY</c>; <c>file:</c> before the database means a folder.</summary>
internal static class ChildProgram
{
    public static async Task Main(string[] args)
    {
        await using var store = Open(args[1]);
        await store.InitializeAsync(migrate: true, CancellationToken.None);
        var worker = await Some.WorkerAsync(store);
        var run = long.Parse(args[2]);
        if (args[0] == "share")
        {
            Console.WriteLine($"wrote {await ShareAsync(store, worker, events: int.Parse(args[3]))}");
            return;
        }
        await worker.CommitAsync(Some.Owned(Make.Birth(run)));
        Console.WriteLine($"owns {worker.Key}");
        switch (args[0])
        {
            case "hold":
                // Ends with the test's process at the latest, because then this pipe does.
                while (Console.ReadLine() is not null) { }
                break;
            case "write":
                await WriteAsync(worker, run, events: args.Length > 3 ? int.Parse(args[3]) : int.MaxValue);
                break;
            default:
                throw new ArgumentException($"There is no role {args[0]}.");
        }
    }

    private static IPerdureStore Open(string database) => database.StartsWith("file:", StringComparison.Ordinal)
        ? new FileStore(new FileStoreOptions(database["file:".Length..]) { IsOwner = true }, TimeProvider.System)
        : new SqliteStore(new SqliteStoreOptions(database), TimeProvider.System);

    /// <summary>
    /// Takes the only run whenever it is free, appends two events and gives it back, until it has so many. Returns how many of them are from here.
    /// </summary>
    public static async Task<int> ShareAsync(IPerdureStore store, TestWorker worker, int events)
    {
        for (var written = 0; ;)
        {
            foreach (var claimed in (await worker.ClaimRunsAsync()).Runs)
            {
                var holding = Holding.Of(claimed);
                var isEnd = holding.Next >= events;
                await worker.WriteAsync(holding.Bundle(events: 2, Holding.Row(RunStatus.Suspended, isEnd ? Instant.Never : Instant.Earliest), release: true));
                written += 2;
            }
            // Whoever finds the run given back for good is done as well.
            if ((await store.ReadRunAsync(new(Key: 1), Make.Never))!.DueAt.IsNever) return written;
        }
    }

    /// <summary>Commits event after event and says each number once it is durable.</summary>
    private static async Task WriteAsync(TestWorker worker, long run, int events)
    {
        try
        {
            for (var i = 1; i <= events; i++)
            {
                await worker.CommitAsync(Some.Step(run, i));
                Console.WriteLine($"wrote {i}");
            }
        }
        catch (StoreException e)
        {
            Console.WriteLine($"failed {e.Fault}");
        }
    }
}
