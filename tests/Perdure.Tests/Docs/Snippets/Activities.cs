using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Tests.Docs.Snippets.Activities;

// snippet
public interface IThumbnails
{
    [Activity(Queue = "images", StartToClose = "2m", MaxAttempts = 5)]
    Task<string> ResizeAsync(string path, int width, CancellationToken cancellationToken = default);
}

public sealed class Thumbnails : IThumbnails
{
    public async Task<string> ResizeAsync(string path, int width, CancellationToken cancellationToken)
    {
        await Task.Yield(); // the work
        return $"{path}-{width}";
    }
}
// end

public sealed class GalleryWorkflow : Workflow<string, string>
{
    public static readonly WorkflowDefinition<string, string> Definition = new("gallery");

    public override async Task<string> RunAsync(WorkflowContext ctx, string path)
    {
        // snippet
        var small = await ctx.Activities<IThumbnails>().ResizeAsync(path, 100);
        // end
        // snippet
        var large = await ctx.ActivityAsync(Register.Resize, new("photo.jpg", 1600));
        var medium = await ctx.ActivityAsync<string>("resize-image", new Register.Image("photo.jpg", 800));
        // end
        // snippet
        var handle = ctx.StartActivity(Register.Resize, new("photo.jpg", 3200));
        try
        {
            return await handle.ResultAsync(TimeSpan.FromMinutes(10));
        }
        catch (WaitLimitException)
        {
            handle.Cancel();
            return large;
        }
        // end
        finally
        {
            ctx.Logger.LogSizes(small, medium);
        }
    }
}

internal static class Log
{
    public static void LogSizes(this Microsoft.Extensions.Logging.ILogger logger, string small, string medium) => _ = (logger, small, medium);
}

internal static class Register
{
    // snippet
    public sealed record Image(string Path, int Width);

    public static readonly ActivityDefinition<Image, string> Resize = new("resize-image", new() { Queue = "images" });
    // end

    public static void Add(IServiceCollection services)
    {
        // snippet
        services.AddPerdure(options => options.Queue("default").Queue("images", maxConcurrency: 2))
            .UseSqlite("Data Source=gallery.db")
            .AddWorkflow<GalleryWorkflow>()
            .AddActivities<IThumbnails, Thumbnails>()
            .AddActivity("resize-image", async (Image image, CancellationToken ct) =>
            {
                await Task.Delay(10, ct);
                return $"{image.Path}-{image.Width}";
            });
        // end
    }

    public static void AddImport(IPerdureBuilder builder)
    {
        // snippet
        builder.AddActivity("import", async (string[] rows, StepInfo info, CancellationToken ct) =>
        {
            for (var done = info.PreviousDetails<int>(); done < rows.Length; done++)
            {
                await Task.Delay(10, ct); // import one row
                info.Heartbeat(done + 1);
            }
            return rows.Length;
        }, new() { Heartbeat = TimeSpan.FromSeconds(30) });
        // end
    }
}
