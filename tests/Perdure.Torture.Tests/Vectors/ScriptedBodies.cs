using System.Collections.Concurrent;
using Perdure.Torture.Adapter.Bodies;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Tests.Vectors;

/// <summary>Bodies that return what a vector says, when it says so.</summary>
internal sealed class ScriptedBodies(Dictionary<string, string> values) : IStepBodies
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StepValue>> _results = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _asked = new();

    /// <summary>The witness of each step that was asked for.</summary>
    public ConcurrentDictionary<string, string> In { get; } = new();

    /// <summary>Completes when the body of a step has begun.</summary>
    public Task AskedFor(string s) => Asked(s).Task;

    public void Return(string s, string x) => Result(s).SetResult(new StepValue(x));

    public Task<StepValue> RunAsync(StepCall call, StepInfo attempt, CancellationToken ct)
    {
        In[call.S] = call.In;
        Asked(call.S).TrySetResult();
        if (FailurePlan.Of(call.Step.Fail, attempt.Attempt) is { } kind) throw new InvalidOperationException(kind);
        return Result(call.S).Task.WaitAsync(ct);
    }

    public string Recorded(string s, string value) => values[s];

    public void Obtained(string run, string s, string value, string activation)
    {
        // The vectors say nothing of journals.
    }

    private TaskCompletionSource<StepValue> Result(string s) =>
        _results.GetOrAdd(s, static _ => new TaskCompletionSource<StepValue>(TaskCreationOptions.RunContinuationsAsynchronously));

    private TaskCompletionSource Asked(string s) => _asked.GetOrAdd(s, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
