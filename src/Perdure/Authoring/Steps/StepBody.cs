namespace Perdure.Authoring;

/// <summary>A step's code with its parameters still to be filled. One that returns nothing returns <see cref="Unit"/>.</summary>
internal abstract class StepBody<TResult>
{
    /// <summary>Whether an attempt needs a dependency injection scope. One that does not is spared its cost.</summary>
    public abstract bool NeedsServices { get; }

    /// <summary>Fills the parameters and runs the code. Whatever it throws, at once or later, is the attempt's failure.</summary>
    public abstract Task<TResult> InvokeAsync(AttemptScope scope);
}
