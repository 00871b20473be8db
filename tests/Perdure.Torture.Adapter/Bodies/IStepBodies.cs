namespace Perdure.Torture.Adapter.Bodies;

/// <summary>What the interpreter does to the world outside. Thread safe.</summary>
internal interface IStepBodies
{
    /// <summary>Runs the body of one attempt of a step.</summary>
    Task<StepValue> RunAsync(StepCall call, StepInfo attempt, CancellationToken ct);

    /// <summary>The code has obtained a recorded value, now or in a replay. What is returned is what the program sees.</summary>
    string Value(string run, string s, string value, string activation);
}
