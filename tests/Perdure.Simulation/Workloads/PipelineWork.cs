using Perdure.Authoring;
using Perdure.Pipelines;

namespace Perdure.Simulation;

/// <summary>
/// A declared workflow beside the interpreter's: steps with retries and undos, a parallel block, a list, a loop, and a branch that sleeps, waits for an event or asks people. What its steps are like says its
/// input, a saga of steps by name; what is asked for by the branch, the saga's name. Each step puts what its body returned into the data, under a label of its own.
/// </summary>
internal static class PipelineWork
{
    public const string WorkflowName = "pipeline";

    /// <summary>How long it waits for an event or an answer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(400);

    private static readonly RetryPolicy Retry = new() { MaxAttempts = 3, InitialDelay = TimeSpan.FromMilliseconds(50) };

    /// <summary>What the branch asks for.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["nap", "event", "question"];

    /// <summary>Labels of all that a run puts into its data, in the order of the nodes; those of one node stand in one group and come in any order.</summary>
    public static IReadOnlyList<string[]> Labels { get; } = [["first"], ["left1", "left2", "right1"], ["item-0", "item-1", "item-2"], ["round-0"], ["round-1"], ["held"], ["paid"], ["last"]];

    /// <summary>A program for it.</summary>
    /// <param name="kind">What its branch asks for.</param>
    /// <param name="change">Changes its steps, which take 5 ms and do not fail.</param>
    public static Act Program(string kind, Func<Act, Act> change) => Act.Saga(
    [
        .. new[] { "first", "left1", "left2", "right1", "item", "round", "held", "paid", "last" }.Select(name => change(Act.Step(name) with { Undo = name is "held" or "paid" ? "un-" + name : null })),
    ]) with { Name = kind };

    public static void Register(Interpreter owner, int version, WorkflowRegistry workflows, ActivityRegistry activities) => Pipeline.Define<Act>(WorkflowName, pipeline => pipeline
        .CompensateOnCancel()
        .Step("first", Body(owner), Settings)
        .Parallel("sides", block => block
            .Branch("left", left => left.Step("left1", Body(owner), Settings).Step("left2", Body(owner), Settings))
            .Branch("right", right => right.SleepFor(TimeSpan.FromMilliseconds(30), "breath").Step("right1", Body(owner), Settings)))
        .ForEach("items", static _ => new[] { 0, 1, 2 }, each => each.Step("item", Body(owner), Settings), maxParallel: 2)
        .Loop("rounds", static seen => seen.Data.Get<int>("round") < 2, round => round.Step("round", Body(owner), Settings))
        .Branch("kind", static seen => seen.Input.Name, clauses => clauses
            .When("event", clause => clause.WaitForEvent("event", "go", Limit, "nothing"))
            .When("question", clause => clause.WaitForInput("question", InputForm.Text("?"), new() { Timeout = Limit, DefaultValue = "nobody" }))
            .Otherwise(static clause => clause.SleepFor(TimeSpan.FromMilliseconds(120), "nap")))
        .Step("held", Body(owner), settings => Undone(settings, owner, "held"))
        .Step("paid", Body(owner), settings => Undone(settings, owner, "paid"))
        .Step("last", Body(owner), Settings), version).Register(workflows, activities);

    private static void Settings(StepSettings<Act> settings) => settings.Retry(Retry);

    private static void Undone(StepSettings<Act> settings, Interpreter owner, string step)
    {
        Settings(settings);
        settings.Compensate("un-" + step, (PipelineContext<Act> seen, StepInfo info, CancellationToken ct) =>
        {
            var done = StepOf(seen.Input, step);
            return owner.BodyAsync(info, Act.Step(done.Undo!, done.Ms, done.UndoFailing), Hash(seen), workflowAttempt: 1, shielded: true, ct);
        }, new() { Retry = Retry });
    }

    /// <summary>What an attempt has written before it failed must be forgotten with it: so it marks its beginning, and takes the mark away at its end.</summary>
    private static Func<PipelineContext<Act>, StepInfo, CancellationToken, Task> Body(Interpreter owner) => async (seen, info, ct) =>
    {
        var label = info.StepName switch { "item" => $"item-{seen.Index}", "round" => $"round-{seen.Data.Get<int>("round")}", var name => name };
        var hash = Hash(seen);
        seen.Data.Put("begun-" + label, info.Attempt);
        if (info.StepName == "round") seen.Data.Increment("round", owner.Has(Defect.LoopCountsAttempts) ? info.Attempt : 1);
        var value = await owner.BodyAsync(info, StepOf(seen.Input, info.StepName), hash, workflowAttempt: 1, shielded: false, ct);
        if (info.Attempt == 1 || !owner.Has(Defect.FailedAttemptsLeaveData)) seen.Data.Remove("begun-" + label);
        seen.Data.Put(label, value);
    };

    private static Act StepOf(Act program, string step) => program.Acts.First(act => act.Name == step);

    private static ulong Hash(PipelineContext<Act> seen)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var b in seen.Data.Values.Write().Span) hash = (hash ^ b) * 0x100000001B3;
        return hash;
    }
}
