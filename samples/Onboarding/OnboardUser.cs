using System.Text.Json.Serialization;

namespace Perdure.Samples.Onboarding;

/// <summary>Who has signed up.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Compress">
/// How many times faster than written the clock of this run goes. It is a part of the input, and so recorded with the run: however the program is started
/// the next time, a replay computes the same waits.
/// </param>
internal sealed record NewUser([property: JsonPropertyName("user_id")] int UserId, int Compress = 1)
{
    public TimeSpan Compressed(TimeSpan time) => time / Compress;
}

/// <summary>How it went.</summary>
internal sealed record Welcomed(bool Ok, int Score);

/// <summary>A welcome mail, an hour of patience, a second mail a day later to those who have not confirmed their address, and a score.</summary>
[Workflow("onboard_user")]
internal sealed class OnboardUser(Screen screen) : Workflow<NewUser, Welcomed>
{
    public static readonly WorkflowDefinition<NewUser, Welcomed> Definition = new("onboard_user");

    public override async Task<Welcomed> RunAsync(WorkflowContext ctx, NewUser user)
    {
        await EmailAsync();
        await SleepAsync(TimeSpan.FromHours(1));
        if (!await ctx.StepAsync("check", (Accounts accounts) => accounts.HasConfirmedAsync(user.UserId)))
        {
            await SleepAsync(TimeSpan.FromDays(1));
            await EmailAsync();
        }
        var score = await ctx.StepAsync("score", (Accounts accounts) => accounts.ScoreAsync(user.UserId));
        return new Welcomed(Ok: true, score);

        // The second mail has the name and the content of the first, and is a step of its own all the same.
        Task EmailAsync() => ctx.StepAsync("email", (Accounts accounts) => accounts.WelcomeAsync(user.UserId), new()
        {
            Retry = RetryPolicy.Linear(user.Compressed(TimeSpan.FromSeconds(30))) with { MaxRetries = 3 },
        });

        Task SleepAsync(TimeSpan time)
        {
            var pause = user.Compressed(time);
            // After a crash the code is entered anew. What is replayed was shown before.
            if (!ctx.IsReplaying) screen.Show("sleep", user.UserId, $"{Durations.Format(time)}, compressed to {Durations.Format(pause)}");
            return ctx.SleepAsync(pause);
        }
    }
}
