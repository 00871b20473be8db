namespace Perdure.Tests.Runtime.Conformance;

/// <summary>What a shape's code gets: its context, and a list of what it sees in order.</summary>
internal sealed class Probe(WorkflowContext context, List<string> log)
{
    public WorkflowContext Context { get; } = context;

    /// <summary>Set by the test when the code's first turn is over: what waits for it comes back from outside for certain.</summary>
    public ManualResetEventSlim Outside { get; init; } = new();

    public void See(string what)
    {
        lock (log) log.Add(what);
    }

    /// <summary>A step that the test completes under its own name.</summary>
    public Task<string> Step(string name) => Context.StepAsync(name, () => Task.FromResult(name));

    /// <summary>Awaits a task and says so.</summary>
    public async Task Await(Task task, string what)
    {
        await task;
        See(what);
    }

    public async Task AwaitFree(Task task, string what)
    {
        await task.ConfigureAwait(false);
        See(what);
    }

    public async Task<string> Nested(string name)
    {
        var result = await Step(name);
        See("in " + result);
        return result;
    }
}

/// <summary>A way to await, and what must be seen.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Completions">Steps in the order in which they complete.</param>
/// <param name="Code">The workflow code.</param>
/// <param name="Seen">What the code sees, in order; null when the run must be blocked because something foreign was awaited.</param>
internal sealed record Shape(string Name, string[] Completions, Func<Probe, Task> Code, string? Seen)
{
    public override string ToString() => Name;
}
