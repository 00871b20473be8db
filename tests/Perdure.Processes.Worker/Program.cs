using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Perdure;
using Perdure.Processes.Worker;

// A worker as an application has it: a generic host, options from the environment (PERDURE_LEASE=1s), ended by a signal.
// Arguments: database file, file of effects, milliseconds of a step, and the version of the workflow "rolling" that this build has.
var (database, effects, stepTime) = (args[0], args[1], int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture));

var build = args.Length > 3 ? int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture) : 1;

var builder = Host.CreateApplicationBuilder();
builder.Services.AddSingleton(new Effects(effects, TimeSpan.FromMilliseconds(stepTime)));
builder.Services.AddPerdure()
    .Use(database)
    .AddWorkflow("three-steps", async (WorkflowContext ctx, string name) =>
    {
        await ctx.StepAsync("a", (Effects world, CancellationToken ct) => world.ActAsync(name, "a", ct));
        await ctx.StepAsync("b", (Effects world, CancellationToken ct) => world.ActAsync(name, "b", ct));
        return await ctx.StepAsync("c", (Effects world, CancellationToken ct) => world.ActAsync(name, "c", ct));
    })
    .AddWorkflow("one-activity", (WorkflowContext ctx, string name) => ctx.ActivityAsync<int>("act", name))
    .AddActivity("act", async (string name, Effects world, StepInfo info, CancellationToken ct) =>
    {
        await world.ActAsync(name, "act", ct);
        return info.Attempt;
    })
    .AddWorkflow(new WorkflowDefinition<string, string>("rolling", build), async (ctx, name) =>
    {
        await ctx.StepAsync("a", (Effects world, CancellationToken ct) => world.ActAsync(name, "a", ct));
        await ctx.WaitForAsync(new Signal<int>("go"));
        return await ctx.StepAsync("b", (Effects world, CancellationToken ct) => world.ActAsync(name, "b", ct));
    })
    .AddWorkflow("starve", (WorkflowContext ctx, string name) => ctx.StepAsync("starve", (Effects world) => world.StarveAsync(name)))
    .AddWorkflow("killer", (WorkflowContext ctx, string name) => ctx.StepAsync("kill", (Effects world) => world.KillAsync(name)));
await builder.Build().RunAsync();
