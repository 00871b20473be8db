namespace Perdure.Torture.Adapter.Bodies;

/// <summary>For processes that only ask and never run a body.</summary>
internal sealed class NoBodies : IStepBodies
{
    public static NoBodies Instance { get; } = new();

    public Task<StepValue> RunAsync(StepCall call, StepInfo attempt, CancellationToken ct) => throw new InvalidOperationException("A client runs no bodies.");

    public string Recorded(string s, string value) => throw new InvalidOperationException("A client runs no workflows.");

    public void Obtained(string run, string s, string value, string activation) => throw new InvalidOperationException("A client runs no workflows.");
}
