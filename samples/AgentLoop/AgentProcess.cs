using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Samples.AgentLoop;

/// <summary>A process of its own in which the agent works.</summary>
internal static class AgentProcess
{
    /// <summary>Starts this program again, as a worker.</summary>
    public static Process Start(string database, Uri model)
    {
        var own = Environment.ProcessPath!;
        var start = new ProcessStartInfo(own);
        if (Path.GetFileNameWithoutExtension(own) == "dotnet") start.ArgumentList.Add(typeof(AgentProcess).Assembly.Location);
        foreach (var argument in (string[])["work", database, model.ToString()]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Works until it is killed.</summary>
    public static async Task WorkAsync(string database, Uri model)
    {
        var services = new ServiceCollection().AddSingleton(new ModelApi(model));
        services.AddPerdure(options => options.Lease = TimeSpan.FromSeconds(2)).UseSqlite($"Data Source={database}").AddWorkflow(Agent.Definition, Agent.RunAsync);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);
        await Task.Delay(Timeout.Infinite);
    }
}
