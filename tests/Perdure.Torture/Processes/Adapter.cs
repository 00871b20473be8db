using System.Diagnostics;

namespace Perdure.Torture.Processes;

/// <summary>How the adapter is started: its program, and what the environment says to it.</summary>
internal sealed class Adapter(TortureConfig config, string address, string journal)
{
    private const string Program = "Perdure.Torture.Adapter";

    /// <summary>A start of one sub-command; each process has a boot id of its own.</summary>
    public ProcessStartInfo Command(string command, string name, string boot)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // The layout of the artifacts folder: <project>/<configuration>/<project>.dll.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        start.ArgumentList.Add(Path.Combine(here.Parent!.Parent!.FullName, Program, here.Name, Program + ".dll"));
        start.ArgumentList.Add(command);
        var environment = start.Environment;
        environment["G_DB"] = address;
        environment["G_JOURNAL"] = journal;
        environment["G_LEASE_MS"] = $"{config.Lease.TotalMilliseconds:0}";
        environment["G_POLL_MS"] = $"{config.Poll.TotalMilliseconds:0}";
        environment["G_MAX_DELIVERIES"] = $"{config.MaxDeliveries}";
        environment["G_SLOTS"] = "8";
        environment["G_POOL"] = "4";
        environment["G_WORKER"] = name;
        environment["G_BOOT"] = boot;
        return start;
    }

    /// <summary>Runs a sub-command to its end.</summary>
    public async Task<(int Code, string Output, string Error)> RunAsync(string command, TimeSpan limit)
    {
        using var process = Process.Start(Command(command, command, Adapter.NewBoot()))!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new HarnessException($"The adapter's {command} did not end within {limit.TotalSeconds:0} s.");
        }
        return (process.ExitCode, await output, await error);
    }

    public static string NewBoot() => Torture.Adapter.Nonce.New();
}
