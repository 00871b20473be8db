using System.Diagnostics;
using Perdure.Cli.Databases;
using Perdure.Cli.Output;

namespace Perdure.Cli.Hosting;

/// <summary>
/// Keeps several worker processes running: one that dies is started anew. Each holds the reading end of a pipe, and stops gracefully when it closes: at the order of
/// this process, and also when this process is killed.
/// </summary>
internal sealed class Supervisor(WorkerOrder order, Database database, string? schema)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>A process that has lived for so long had no trouble with its start.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    /// <param name="count">How many processes.</param>
    /// <param name="stop">Ends them gracefully.</param>
    public async Task<int> RunAsync(int count, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var workers = new Task<int>[count];
        for (var i = 0; i < count; i++) workers[i] = KeepAsync(end);
        return (await Task.WhenAll(workers)).Max();
    }

    private async Task<int> KeepAsync(CancellationTokenSource end)
    {
        for (var pause = FirstPause; ;)
        {
            var begun = Stopwatch.GetTimestamp();
            using var worker = Start();
            var id = worker.Id;
            if (!await DiedAsync(worker, end.Token)) return ExitCode.Done;
            if (worker.ExitCode == ExitCode.Usage)
            {
                // It could not do what it was told, and the next one could not either.
                await end.CancelAsync();
                return ExitCode.Usage;
            }
            pause = Stopwatch.GetElapsedTime(begun) > Healthy ? FirstPause : pause;
            Screen.Say($"worker {id} ended with {worker.ExitCode}; another one is started");
            try
            {
                await Task.Delay(pause, end.Token);
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Done;
            }
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Whether it died by itself; else it was told to stop, and has.</summary>
    private static async Task<bool> DiedAsync(Process worker, CancellationToken stop)
    {
        try
        {
            await worker.WaitForExitAsync(stop);
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            worker.StandardInput.Close();
            await worker.WaitForExitAsync(CancellationToken.None);
            return false;
        }
    }

    private Process Start()
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase)) start.ArgumentList.Add(typeof(Supervisor).Assembly.Location);
        foreach (var word in (string[])["worker", "run", "--supervised", .. order.ToWords()]) start.ArgumentList.Add(word);
        if (schema is not null)
        {
            start.ArgumentList.Add("--schema");
            start.ArgumentList.Add(schema);
        }
        // Not among the words, which other users can read.
        start.Environment[Database.Variables[0]] = database.Address;
        return Process.Start(start)!;
    }
}
