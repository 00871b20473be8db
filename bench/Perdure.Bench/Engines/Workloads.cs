using System.Diagnostics;

namespace Perdure.Bench.Engines;

/// <summary>How many steps a run has, how long each result is, and whether it must be on disk before the next begins.</summary>
internal sealed record StepsInput(int Steps, int Payload, bool Deferred = false);

/// <summary>
/// The workflows that are measured. What they count on the side is for the bench alone: real workflow code has no side effects.
/// </summary>
internal static class Workloads
{
    public static readonly WorkflowDefinition<StepsInput, int> Steps = new("bench-steps");
    public static readonly WorkflowDefinition<long, long> Stamp = new("bench-stamp");
    public static readonly WorkflowDefinition<int, int> Waits = new("bench-waits");
    public static readonly WorkflowDefinition<DateTimeOffset, bool> Sleeps = new("bench-sleeps");
    public static readonly WorkflowDefinition<CrashInput, int> Crashes = new("bench-crashes");
    public static readonly WorkflowDefinition<StepsInput, int> Parallel = new("bench-parallel");
    public static readonly WorkflowDefinition<StepsInput, int> Each = new("bench-each");
    public static readonly WorkflowDefinition<StepsInput, int> Parent = new("bench-parent");
    public static readonly WorkflowDefinition<int, bool> Fires = new("bench-fires");
    public static readonly Signal<int> Go = new("go");

    private static readonly StepOptions Deferred = new() { Durability = StepDurability.Deferred };
    private static readonly string[] Payloads = new string[64 * 1024];

    private static int _awake;

    /// <summary>Sleeping runs whose code has gone on since <see cref="FallAsleep"/>.</summary>
    public static int Awake => Volatile.Read(ref _awake);

    public static void FallAsleep() => Volatile.Write(ref _awake, 0);

    /// <summary>What <see cref="Steps"/> returns, and all that do as much in another order.</summary>
    public static int ResultOf(StepsInput input) => input.Steps * (input.Payload + 1);

    public static async Task<int> RunStepsAsync(WorkflowContext ctx, StepsInput input)
    {
        var payload = Payload(input.Payload);
        var options = input.Deferred ? Deferred : null;
        var sum = 0;
        for (var i = 0; i < input.Steps; i++)
        {
            var result = await ctx.StepAsync("work", () => Task.FromResult(payload), options);
            sum += result.Length + 1;
        }
        return sum;
    }

    /// <summary>Begins all its steps at once.</summary>
    public static async Task<int> RunParallelAsync(WorkflowContext ctx, StepsInput input)
    {
        var payload = Payload(input.Payload);
        var steps = new Task<string>[input.Steps];
        for (var i = 0; i < steps.Length; i++) steps[i] = ctx.StepAsync("work", () => Task.FromResult(payload));
        return Sum(await Task.WhenAll(steps));
    }

    /// <summary>Runs a step for each of so many items, as many at a time as <c>ForEachAsync</c> does by itself.</summary>
    public static async Task<int> RunEachAsync(WorkflowContext ctx, StepsInput input)
    {
        var payload = Payload(input.Payload);
        return Sum(await ctx.ForEachAsync(Enumerable.Range(0, input.Steps), _ => ctx.StepAsync("work", () => Task.FromResult(payload))));
    }

    /// <summary>Starts so many children of one step, and waits for all.</summary>
    public static async Task<int> RunParentAsync(WorkflowContext ctx, StepsInput input)
    {
        var children = new Task<int>[input.Steps];
        for (var i = 0; i < children.Length; i++) children[i] = ctx.ChildAsync(Steps, new StepsInput(1, input.Payload));
        return (await Task.WhenAll(children)).Sum();
    }

    /// <summary>Returns when its only step began, in stopwatch ticks after its input.</summary>
    public static Task<long> RunStampAsync(WorkflowContext ctx, long asked) =>
        ctx.StepAsync("stamp", () => Task.FromResult(Stopwatch.GetTimestamp() - asked));

    /// <summary>Runs as many steps as it is told, waits for a signal, and returns its payload.</summary>
    public static async Task<int> RunWaitsAsync(WorkflowContext ctx, int steps)
    {
        var payload = Payload(150);
        for (var i = 0; i < steps; i++) await ctx.StepAsync("work", () => Task.FromResult(payload));
        return await ctx.WaitForAsync(Go);
    }

    public static async Task<bool> RunSleepsAsync(WorkflowContext ctx, DateTimeOffset due)
    {
        await ctx.SleepUntilAsync(due);
        Interlocked.Increment(ref _awake);
        return true;
    }

    public static async Task<int> RunCrashesAsync(WorkflowContext ctx, CrashInput input)
    {
        var sum = 0;
        for (var i = 0; i < input.Steps; i++)
        {
            var step = i;
            sum += await ctx.StepAsync("work", () => CrashWork.StepAsync(input.Index, step));
        }
        return sum;
    }

    private static int Sum(IReadOnlyList<string> results) => results.Sum(static result => result.Length + 1);

    private static string Payload(int length) => Payloads[length] ??= new string('x', length);
}
