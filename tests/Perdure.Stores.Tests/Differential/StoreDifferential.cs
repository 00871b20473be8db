using System.Globalization;
using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Testing.Shared;

namespace Perdure.Stores.Tests.Differential;

/// <summary>
/// Gives one random stream of commands to a store and to the in-memory model: after each command both have answered alike and hold the
/// same data, and the invariants hold in what they hold. A store derives one class from this. <c>PERDURE_SEEDS</c> sets how many
/// streams, <c>PERDURE_SEED</c> repeats one.
/// </summary>
public abstract class StoreDifferential
{
    private const int CommandsPerSeed = 200;

    /// <summary>How often everything must have happened over all streams; below that the test has not shown anything.</summary>
    private const int Enough = 5;

    /// <summary>How many streams the store is worth in every run of the suite; with fewer than 20 not everything happens.</summary>
    protected abstract int Seeds { get; }

    /// <summary>After how many commands everything that both hold is compared; more than one where each look is a journey.</summary>
    protected virtual int DumpEvery => 1;

    /// <summary>Makes a store without data, not yet initialized. It is disposed before the next one is made.</summary>
    protected abstract IPerdureStore CreateStore(TimeProvider clock);

    [Fact]
    public async Task RandomCommands_OnTheStoreAndTheModel_DoTheSame()
    {
        var coverage = new Coverage();
        if (Setting("PERDURE_SEED") is { } single)
        {
            await RunAsync(single, coverage);
            return;
        }
        for (var seed = 1; seed <= (Setting("PERDURE_SEEDS") ?? Seeds); seed++) await RunAsync(seed, coverage);
        coverage.AssertComplete(Enough);
    }

    private async Task RunAsync(int seed, Coverage coverage)
    {
        var clock = new ManualClock();
        var model = new MemoryStore(clock);
        await using var store = CreateStore(clock);
        await store.InitializeAsync(migrate: true, CancellationToken.None);
        await new CommandStream(seed, clock, store, model, coverage).RunAsync(CommandsPerSeed, DumpEvery);
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
