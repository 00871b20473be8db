using Perdure.Sqlite;
using Perdure.Storage;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>What this assembly does when a test starts it as a process of its own: <c>ROLE DATABASE RUN-KEY</c>.</summary>
internal static class ChildProgram
{
    public static async Task Main(string[] args)
    {
        await using var store = new SqliteStore(new SqliteStoreOptions(args[1]), TimeProvider.System);
        await store.InitializeAsync(migrate: true, CancellationToken.None);
        var lane = await Lane.RegisterAsync(store);
        var run = long.Parse(args[2]);
        await lane.CommitAsync(Some.Owned(Some.Birth(run)));
        Console.WriteLine($"owns {lane.Worker}");
        switch (args[0])
        {
            case "hold":
                // Ends with the test's process at the latest, because then this pipe does.
                while (Console.ReadLine() is not null) { }
                break;
            case "write":
                await WriteAsync(lane, run, events: args.Length > 3 ? int.Parse(args[3]) : int.MaxValue);
                break;
            default:
                throw new ArgumentException($"There is no role {args[0]}.");
        }
    }

    /// <summary>Commits event after event and says each number once it is durable.</summary>
    private static async Task WriteAsync(Lane lane, long run, int events)
    {
        try
        {
            for (var i = 1; i <= events; i++)
            {
                await lane.CommitAsync(Some.Step(run, i));
                Console.WriteLine($"wrote {i}");
            }
        }
        catch (StoreException e)
        {
            Console.WriteLine($"failed {e.Fault}");
        }
    }
}
