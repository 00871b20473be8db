namespace Perdure.Samples.Pump;

/// <summary>Says something now, and something later; what lies between costs nothing.</summary>
internal static class Reminder
{
    public static readonly WorkflowDefinition<ReminderRequest, string> Definition = new("reminder");

    public static async Task<string> RunAsync(WorkflowContext ctx, ReminderRequest request)
    {
        await ctx.StepAsync("note", () => SayAsync($"[note] {request.Name}"));
        await ctx.SleepAsync(TimeSpan.FromSeconds(request.Seconds));
        await ctx.StepAsync("remind", () => SayAsync($"[remind] {request.Name}"));
        return "reminded";
    }

    private static Task SayAsync(string text)
    {
        Console.WriteLine(text);
        return Task.CompletedTask;
    }
}
