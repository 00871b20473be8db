using System.Diagnostics;
using Perdure.Cli.Databases;
using Perdure.Cli.Output;

namespace Perdure.Cli.Hosting;

/// <summary>
/// Keeps worker processes running: one that dies is started anew, and one that has served its time is replaced. Each holds the reading end of a pipe, and stops gracefully when it closes: at the order of
/// this process, and also when this process is killed.
/// </summary>
/// <param name="order">What each of them does.</param>
/// <param name="database">Where.</param>
/// <param name="schema">Schema of the database; null for the default.</param>
/// <param name="recycle">After how long a process is replaced; null for never.</param>
internal sealed class Supervisor(WorkerOrder order, Database database, string? schema, TimeSpan? recycle)
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
        // The first ones serve for different times, so that they are not all replaced at once.
        for (var i = 0; i < count; i++) workers[i] = KeepAsync(recycle * (i + 1) / count, end);
        return (await Task.WhenAll(workers)).Max();
    }

    /// <param name="time">How long the first process serves; null for as long as it lives.</param>
    /// <param name="end">Ends it, and all others when one cannot do what it was told.</param>
    private async Task<int> KeepAsync(TimeSpan? time, CancellationTokenSource end)
    {
        var replaced = Task.CompletedTask;
        var code = await KeepAsync(time, before => replaced = Task.WhenAll(replaced, before), end);
        await replaced;
        return code;
    }

    private async Task<int> KeepAsync(TimeSpan? time, Action<Task> replace, CancellationTokenSource end)
    {
        for (var pause = FirstPause; ; time = recycle)
        {
            var begun = Stopwatch.GetTimestamp();
            var worker = Start();
            var id = worker.Id;
            var fate = await FateAsync(worker, time, end.Token);
            if (fate == Fate.HasServed)
            {
                Screen.Say($"worker {id} has served for {Durations.Format(time!.Value)}; another one takes its place");
                replace(StopAsync(worker));
                continue;
            }
            using var ended = worker;
            if (fate == Fate.Stopped) return ExitCode.Done;
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

    private enum Fate
    {
        /// <summary>It died by itself.</summary>
        Died,
        /// <summary>It was told to stop, and has.</summary>
        Stopped,
        /// <summary>Its time is over, and it works on.</summary>
        HasServed,
    }

    private static async Task<Fate> FateAsync(Process worker, TimeSpan? time, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (time is { } served) limit.CancelAfter(served);
        try
        {
            await worker.WaitForExitAsync(limit.Token);
            return stop.IsCancellationRequested ? Fate.Stopped : Fate.Died;
        }
        catch (OperationCanceledException)
        {
            if (!stop.IsCancellationRequested) return Fate.HasServed;
            await StopGracefullyAsync(worker);
            return Fate.Stopped;
        }
    }

    private static async Task StopAsync(Process worker)
    {
        using var ending = worker;
        await StopGracefullyAsync(worker);
    }

    private static Task StopGracefullyAsync(Process worker)
    {
        worker.StandardInput.Close();
        return worker.WaitForExitAsync(CancellationToken.None);
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
