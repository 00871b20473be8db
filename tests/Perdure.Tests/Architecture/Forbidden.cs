namespace Perdure.Tests.Architecture;

/// <summary>Does everything that the engine may not do, so that the reader is seen to find it. Nobody calls it.</summary>
internal sealed class Forbidden
{
    public static object[] Clocks() =>
        [DateTime.Now, DateTime.UtcNow, DateTime.Today, DateTimeOffset.Now, DateTimeOffset.UtcNow, Environment.TickCount, Environment.TickCount64, System.Diagnostics.Stopwatch.GetTimestamp()];

    public static object[] Chance() => [Guid.NewGuid(), Guid.CreateVersion7(), Random.Shared, new Random(), new Random(1)];

    public static void Threads()
    {
        new Thread(() => { }).Start();
        Thread.Sleep(0);
        Thread.Yield();
        ThreadPool.QueueUserWorkItem(_ => { });
        Parallel.For(0, 1, _ => { });
        _ = Task.Run(() => { });
        _ = Task.Factory.StartNew(() => { }, default, TaskCreationOptions.None, TaskScheduler.Default);
    }

    public static void Timers()
    {
        using var timer = new Timer(_ => { });
        using var periodic = new PeriodicTimer(TimeSpan.FromDays(1));
        using var source = new CancellationTokenSource(TimeSpan.FromDays(1));
        source.CancelAfter(1);
    }

    public static async Task WaitsAsync()
    {
        await Task.Delay(1);
        await Task.Delay(TimeSpan.Zero, CancellationToken.None);
        await Task.FromResult(1).WaitAsync(TimeSpan.FromDays(1));
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <summary>The same wishes in the way that the engine has them; none of it is banned.</summary>
    public static async Task AllowedAsync(TimeProvider clock, CancellationToken token)
    {
        _ = clock.GetUtcNow();
        _ = Guid.Empty;
        await Task.Delay(TimeSpan.Zero, clock, token);
        await Task.FromResult(1).WaitAsync(TimeSpan.FromDays(1), clock, token);
        await Task.CompletedTask.WaitAsync(token);
        using var source = new CancellationTokenSource(TimeSpan.FromDays(1), clock);
        using var plain = new CancellationTokenSource();
        await using var timer = clock.CreateTimer(_ => { }, null, TimeSpan.Zero, TimeSpan.Zero);
    }
}
