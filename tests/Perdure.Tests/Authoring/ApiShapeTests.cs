using System.Text.Json;

namespace Perdure.Tests.Authoring;

/// <summary>The documented examples; that they compile is what is tested.</summary>
public class ApiShapeTests
{
    [Fact]
    public async Task Signup_FromTheDocuments_Runs()
    {
        var ctx = new RecordingContext();
        ctx.Expect<Perdure.Unit>().SetResult(default);
        ctx.Expect<Received<bool>>().SetResult(new(true, true));
        Assert.True(await new SignupWorkflow().RunAsync(ctx, new Signup("ann@example.org")));
        Assert.Equal(["step welcome services=True", "wait clicked 1.00:00:00"], ctx.Issued);
    }

    [Fact]
    public void SignalByName_AnyPayload_IsAJsonElement() => Assert.Equal("x", new Signal<JsonElement>("x").Name);

    internal sealed record Signup(string Address);

    internal interface IMail
    {
        Task SendAsync(string address, string key, CancellationToken cancellationToken);
    }

    [Workflow("signup")]
    internal sealed class SignupWorkflow : Workflow<Signup, bool>
    {
        public static readonly WorkflowDefinition<Signup, bool> Definition = new("signup");
        public static readonly Signal<bool> Clicked = new("clicked");

        public override async Task<bool> RunAsync(WorkflowContext ctx, Signup input)
        {
            await ctx.StepAsync("welcome", (IMail mail, StepInfo step, CancellationToken ct) =>
                mail.SendAsync(input.Address, step.IdempotencyKey, ct), new() { Timeout = TimeSpan.FromMinutes(5) });
            var (received, clicked) = await ctx.TryWaitForAsync(Clicked, TimeSpan.FromDays(1));
            return received && clicked;
        }
    }
}
