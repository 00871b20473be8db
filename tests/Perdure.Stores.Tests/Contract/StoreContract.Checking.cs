using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>What a check of all runs finds.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task StoreCheck_NamesTheDamagedRuns_AndNoOthers()
    {
        var worker = await RegisterAsync();
        Assert.Equal((0, 0L, 0), Counts(await StoreCheck.RunAsync(Store, Make.Never)));
        var sound = await StartAsync("sound");
        var altered = await StartAsync("altered");
        var closed = await StartAsync("closed");
        await CloseAsync(worker, closed.Holding);
        await worker.WriteAsync(Next(sound, EventKind.StepCompleted, sound.Checksum));
        // An event whose checksum does not follow from its predecessor: altered, or behind one that is missing.
        await worker.WriteAsync(Next(altered, EventKind.StepCompleted, previous: 12345));

        var report = await StoreCheck.RunAsync(Store, Make.Never);
        Assert.Equal(3, report.Runs);
        Assert.Equal(["altered", "closed"], report.Damaged.Select(run => run.Id).Order());
        Assert.Contains("its checksum does not follow from its predecessor", report.Damaged.Single(run => run.Id == "altered").Problem, StringComparison.Ordinal);

        async Task<(Holding Holding, uint Checksum)> StartAsync(string id)
        {
            var buffer = new ByteWriter();
            var checksum = EventCodec.Write(buffer, new EventRecord { Kind = EventKind.WorkflowStarted, At = Now }, 0);
            return (await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: id) with { Events = new EventBatch(0, 1, buffer.Detach()) }), checksum);
        }

        RunBundle Next((Holding Holding, uint Checksum) run, EventKind kind, uint previous)
        {
            var buffer = new ByteWriter();
            EventCodec.Write(buffer, new EventRecord { Kind = kind, At = Now, Name = "step" }, previous);
            return new() { Run = run.Holding.Run, Term = 1, BaseSequence = 1, Events = new EventBatch(1, 1, buffer.Detach()) };
        }

        static (int, long, int) Counts(StoreCheckReport report) => (report.Runs, report.Events, report.Damaged.Count);
    }
}
