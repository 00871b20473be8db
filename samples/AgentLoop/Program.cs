using Microsoft.Extensions.DependencyInjection;
using Perdure;
using Perdure.Samples.AgentLoop;

if (args is ["work", var shared, var address])
{
    await AgentProcess.WorkAsync(shared, new Uri(address));
    return;
}

// This process is the model, the person who is asked, and whoever pulls the plug. The agent works in another one.
var database = Path.Combine(Path.GetTempPath(), $"perdure-agent-{Guid.NewGuid():N}.db");
var services = new ServiceCollection();
services.AddPerdureClient().UseSqlite($"Data Source={database}");
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<IPerdureClient>();
await using var model = new FakeModel();
Console.WriteLine($"Database: {database}");

var run = await client.StartAsync(Agent.Definition, "A customer complains about ORD-7.");
using (var agent = AgentProcess.Start(database, model.Address))
{
    await model.Hangs;
    agent.Kill();
    await agent.WaitForExitAsync();
}
Console.WriteLine("-- The agent was killed in the middle of a tool. Another process goes on.");

InputInfo question;
using (var agent = AgentProcess.Start(database, model.Address))
{
    question = await QuestionAsync();
    agent.Kill();
    await agent.WaitForExitAsync();
}
Console.WriteLine($"-- It asks: {question.Prompt} It was killed again; the question waits in the database.");
await client.ProvideInputAsync(run.Id, question.Name, true, by: "ann");

using (var agent = AgentProcess.Start(database, model.Address))
{
    Console.WriteLine($"=> {await run.ResultAsync()}");
    agent.Kill();
    await agent.WaitForExitAsync();
}
Console.WriteLine($"{model.ModelCalls.All} paid calls of the model, {model.ModelCalls.Repeated} of them twice");

async Task<InputInfo> QuestionAsync()
{
    while (true)
    {
        var open = await client.ListInputsAsync(new() { RunId = run.Id });
        if (open.Inputs is [var first, ..]) return first;
        await Task.Delay(20);
    }
}
