namespace Perdure.Samples.Onboarding;

/// <summary>The same for those who do not like to wait: the run is told of the click when it happens, by whichever process sees it.</summary>
[Workflow("onboard_user_by_signal")]
internal sealed class OnboardUserBySignal(Screen screen) : Workflow<NewUser, Welcomed>
{
    public static readonly WorkflowDefinition<NewUser, Welcomed> Definition = new("onboard_user_by_signal");
    public static readonly Signal<string> Clicked = new("user_clicked");

    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    public override async Task<Welcomed> RunAsync(WorkflowContext ctx, NewUser user)
    {
        await ctx.EmailAsync(user);
        if (!ctx.IsReplaying) screen.ShowPause("wait", user, Patience);
        var link = await ctx.WaitForAsync(Clicked, timeout: user.Compressed(Patience));
        if (link is null) await ctx.EmailAsync(user);
        return new Welcomed(Ok: true, await ctx.ScoreAsync(user));
    }
}
