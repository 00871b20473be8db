using System.Diagnostics;

namespace Perdure.Processes.Tests.Bench;

/// <summary>The bench program, run to its end as a user runs it.</summary>
internal sealed record BenchProcess(int ExitCode, string[] Lines, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string Own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    /// <summary>Beside the tests' own output, in the same configuration.</summary>
    private static readonly string Program = Path.Combine(Own, "..", "..", "Perdure.Bench", Path.GetFileName(Own), "Perdure.Bench.dll");

    public static async Task<BenchProcess> RunAsync(string args)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Program, .. args.Split(' ')])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new BenchProcess(process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
