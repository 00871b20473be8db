using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Torture.Adapter.Clients;

namespace Perdure.Torture.Adapter.Commands;

/// <summary><c>client</c>: answers requests, one a line, side by side.</summary>
internal static class ClientCommand
{
    public static async Task<int> RunAsync(AdapterSettings settings)
    {
        await using var services = Engine.BuildClient(settings);
        var requests = new Requests(services.GetRequiredService<IPerdureClient>());
        using var answers = new Answers(Console.OpenStandardOutput());
        var open = new List<Task>();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line.Length == 0) continue;
            open.RemoveAll(static task => task.IsCompleted);
            open.Add(Task.Run(() => AnswerAsync(line)));
        }
        await Task.WhenAll(open);
        return 0;

        async Task AnswerAsync(string line)
        {
            using var request = JsonDocument.Parse(line);
            var answer = await requests.AnswerAsync(request.RootElement);
            answer["i"] = request.RootElement.GetProperty("i").GetInt64();
            answers.Write(answer);
        }
    }
}
