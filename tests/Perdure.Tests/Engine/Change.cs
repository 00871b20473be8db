using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Tests.Engine;

/// <summary>One run under one program after the other, as redeployments do it.</summary>
internal sealed class Change(StoreKind kind) : IDisposable
{
    private string _run = "";

    public TestStore Store { get; } = new(kind);

    /// <summary>Starts the run and lets it wait for something; then that program ends.</summary>
    public async Task SuspendAsync<TIn>(Action<IPerdureBuilder> program, string workflow, TIn input)
    {
        await using var engine = await TestEngine.StartAsync(Store, program);
        var run = await engine.Client.StartAsync(workflow, input).Soon();
        _run = run.Id;
        await run.BecomesAsync(RunStatus.Suspended);
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor is [{ Kind: not "activity" }]);
        await engine.StopAsync();
    }

    public async Task<EventKind[]> HistoryAsync()
    {
        await using var client = TestEngine.ClientOnly(Store);
        return [.. (await client.Client.GetHistoryAsync(_run)).Select(e => e.Kind)];
    }

    /// <summary>The run as a client reads it.</summary>
    public async Task<RunInfo> ReadAsync()
    {
        await using var client = TestEngine.ClientOnly(Store);
        return await client.Client.GetAsync(_run, RunInclude.Steps);
    }

    /// <summary>Wakes the run under a program that it does not fit, and returns it blocked. The signal, if any, brings 40.</summary>
    public async Task<RunInfo> WakeUnderAsync(Action<IPerdureBuilder> program, Signal<int>? signal)
    {
        await using var engine = await TestEngine.StartAsync(Store, program);
        if (signal is not null) await engine.Client.SignalAsync(_run, signal, 40).Soon();
        var run = engine.Client.Handle(_run);
        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
        await engine.StopAsync();
        return await run.GetAsync();
    }

    /// <summary>Resumes the blocked run under a program that it fits.</summary>
    public async Task<T> ResumeUnderAsync<T>(Action<IPerdureBuilder> program)
    {
        await using var engine = await TestEngine.StartAsync(Store, program);
        Assert.True(await engine.Client.ResumeAsync(_run).Soon());
        return await engine.TrickleAsync(engine.Client.Handle<T>(_run).ResultAsync());
    }

    /// <summary>Lets the run go on under another program; the signal brings 40.</summary>
    public async Task<T> GoOnUnderAsync<T>(Action<IPerdureBuilder> program, Signal<int> signal)
    {
        await using var engine = await TestEngine.StartAsync(Store, program);
        await engine.Client.SignalAsync(_run, signal, 40).Soon();
        return await engine.TrickleAsync(engine.Client.Handle<T>(_run).ResultAsync());
    }

    public void Dispose() => Store.Dispose();
}
