namespace Perdure.Samples.Onboarding;

/// <summary>A welcome mail, an hour of patience, a second mail a day later to those who have not confirmed their address, and a score.</summary>
[Workflow("onboard_user")]
internal sealed class OnboardUser(Screen screen) : Workflow<NewUser, Welcomed>
{
    public static readonly WorkflowDefinition<NewUser, Welcomed> Definition = new("onboard_user");

    public override async Task<Welcomed> RunAsync(WorkflowContext ctx, NewUser user)
    {
        await ctx.EmailAsync(user);
        await SleepAsync(TimeSpan.FromHours(1));
        if (!await ctx.CheckAsync(user))
        {
            await SleepAsync(TimeSpan.FromDays(1));
            await ctx.EmailAsync(user);
        }
        return new Welcomed(Ok: true, await ctx.ScoreAsync(user));

        Task SleepAsync(TimeSpan time)
        {
            // After a crash the code is entered anew. What is replayed was shown before.
            if (!ctx.IsReplaying) screen.ShowPause("sleep", user, time);
            return ctx.SleepAsync(user.Compressed(time));
        }
    }
}
