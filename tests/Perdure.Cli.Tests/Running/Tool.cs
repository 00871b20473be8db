using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Perdure.Cli.Tests.Running;

/// <summary>The tool as people run it: its executable, in a process of its own, on a store of its own.</summary>
internal sealed class Tool(string? store)
{
    private static readonly DirectoryInfo Here = new(AppContext.BaseDirectory);

    /// <summary>The application whose workflows workers host.</summary>
    public static string App => Output("Perdure.Cli.App", "Perdure.Cli.App.dll");

    /// <summary>Its executable.</summary>
    public static string Program => Output("Perdure.Cli", OperatingSystem.IsWindows() ? "Perdure.Cli.exe" : "Perdure.Cli");

    /// <summary>What the tool and what it starts see besides this process's own variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The folder in which it is run; null for the test's own.</summary>
    public string? Folder { get; init; }

    /// <summary>Runs it to its end.</summary>
    public Task<Answer> RunAsync(params string[] words) => RunAsync(input: "", words);

    /// <summary>Runs it to its end, with something on standard input.</summary>
    public async Task<Answer> RunAsync(string input, string[] words)
    {
        using var process = Process.Start(StartInfo(words))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"perdure {string.Join(' ', words)} did not end.");
        }
        return new Answer(process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }

    /// <summary>Runs it, and expects that all is well.</summary>
    public async Task<string> DoneAsync(params string[] words)
    {
        var answer = await RunAsync(words);
        Assert.True(answer.ExitCode == 0, $"perdure {string.Join(' ', words)} ended with {answer.ExitCode}: {answer.Error}");
        return answer.Output;
    }

    /// <summary>Runs it with JSON as its output, and expects that all is well.</summary>
    public async Task<JsonElement> JsonAsync(params string[] words) => JsonElement.Parse(await DoneAsync([.. words, "-o", "json"]));

    /// <summary>Starts it and lets it run.</summary>
    public RunningTool Start(params string[] words) => new(StartInfo(words));

    /// <summary>Starts a worker with the application's workflows, and waits until it works.</summary>
    public async Task<RunningTool> WorkAsync(params string[] words)
    {
        var worker = Start(["worker", "--assembly", App, .. words]);
        await worker.WroteAsync("works on");
        return worker;
    }

    private ProcessStartInfo StartInfo(string[] words)
    {
        var start = new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8, WorkingDirectory = Folder ?? "",
        };
        foreach (var word in words) start.ArgumentList.Add(word);
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("PERDURE_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        if (store is not null) start.Environment["PERDURE_DB"] = store;
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return start;
    }

    // The layout of the artifacts folder: <project>/<configuration>/<file>.
    private static string Output(string project, string file) => Path.Combine(Here.Parent!.Parent!.FullName, project, Here.Name, file);
}
