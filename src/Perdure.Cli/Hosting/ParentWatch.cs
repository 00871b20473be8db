namespace Perdure.Cli.Hosting;

/// <summary>Tells a supervised process when its supervisor wants it to stop, or is gone: standard input ends.</summary>
internal static class ParentWatch
{
    /// <summary>Cancels <paramref name="stop"/> when standard input ends.</summary>
    public static void Begin(CancellationTokenSource stop) => _ = WatchAsync(Console.OpenStandardInput(), stop);

    private static async Task WatchAsync(Stream input, CancellationTokenSource stop)
    {
        // Off the caller's thread: a read of a pipe blocks.
        await Task.Yield();
        var ignored = new byte[64];
        while (await input.ReadAsync(ignored) > 0)
        {
        }
        try
        {
            await stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The worker has stopped by itself.
        }
    }
}
