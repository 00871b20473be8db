namespace Perdure.Samples.Onboarding;

/// <summary>What both workflows do. A helper of a workflow is an ordinary method that is given the context.</summary>
internal static class Steps
{
    /// <summary>Three retries, each 30 s later than the one before.</summary>
    public static Task EmailAsync(this WorkflowContext ctx, NewUser user) =>
        ctx.StepAsync("email", (Accounts accounts) => accounts.WelcomeAsync(user.UserId), new()
        {
            Retry = RetryPolicy.Linear(user.Compressed(TimeSpan.FromSeconds(30))) with { MaxRetries = 3 },
        });

    public static Task<bool> CheckAsync(this WorkflowContext ctx, NewUser user) =>
        ctx.StepAsync("check", (Accounts accounts) => accounts.HasConfirmedAsync(user.UserId));

    public static Task<int> ScoreAsync(this WorkflowContext ctx, NewUser user) =>
        ctx.StepAsync("score", (Accounts accounts) => accounts.ScoreAsync(user.UserId));
}
