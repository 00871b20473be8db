namespace Perdure.Torture.Adapter.Bodies;

/// <summary>What the interpreter does to the world outside. Thread safe.</summary>
internal interface IStepBodies
{
    /// <summary>Runs the body of one attempt of a step.</summary>
    Task<StepValue> RunAsync(StepCall call, StepInfo attempt, CancellationToken ct);

    /// <summary>What the program is to record for a value that it has just made.</summary>
    string Recorded(string s, string value);

    /// <summary>The code has obtained a recorded value, now or in a replay.</summary>
    void Obtained(string run, string s, string value, string activation);
}
