using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perdure.AspNetCore;
using Perdure.Tests.Engine;

namespace Perdure.Tests.AspNetCore;

/// <summary>Hooks over a real server.</summary>
public sealed class HookEndpointTests : IAsyncLifetime
{
    public sealed record Reply(int Cents, string Text);

    private static readonly Published<string> Link = new("link");
    private readonly WebApplication _app = Build();
    private HttpClient _http = null!;

    private IPerdureClient Client => _app.Services.GetRequiredService<IPerdureClient>();

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task AGetChangesNothing_AndAPostAnswers()
    {
        var (run, url) = await OpenAsync("reply");
        for (var i = 0; i < 2; i++)
        {
            var page = await _http.GetAsync(url);
            Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
            Assert.Equal(("no-store", "no-referrer"), (page.Headers.CacheControl!.ToString(), page.Headers.GetValues("Referrer-Policy").Single()));
        }
        Assert.Equal(RunStatus.Suspended, await run.StatusAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(url, "{\"cents\":5,\"text\":\"hé\"}")).StatusCode);
        Assert.Equal("5 hé", await run.ResultAsync<string>(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task TheButtonMeansYes()
    {
        var (run, url) = await OpenAsync("confirm");
        var thanks = await _http.PostAsync(url, new FormUrlEncodedContent([]));
        Assert.Equal((HttpStatusCode.OK, "text/html"), (thanks.StatusCode, thanks.Content.Headers.ContentType!.MediaType));
        Assert.True(await run.ResultAsync<bool>(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task UnknownUsedAndExpiredTokens_GetOneAndTheSameAnswer()
    {
        var (run, used) = await OpenAsync("confirm");
        await PostAsync(used, "true");
        await run.WaitAsync(TimeSpan.FromSeconds(60));
        var (gone, expired) = await OpenAsync("reply");
        await gone.TerminateAsync();
        await gone.BecomesAsync(RunStatus.Terminated);

        var answers = new List<string>();
        foreach (var url in new[] { used, expired, "/hooks/" + new string('A', 43) })
        {
            var answer = await PostAsync(url, "true");
            answers.Add($"{answer.StatusCode} {string.Join(';', answer.Headers.Where(header => header.Key != "Date").Select(header => $"{header.Key}={string.Join(',', header.Value)}"))} {await answer.Content.ReadAsStringAsync()}");
        }
        Assert.StartsWith("NotFound", answers[0], StringComparison.Ordinal);
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task ABodyThatDoesNotFit_IsRefused_AndTheHookStaysOpen()
    {
        var (run, url) = await OpenAsync("reply");
        var wrong = await PostAsync(url, "{\"cents\":\"five\",\"text\":\"x\"}");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("$.cents", await wrong.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(url, "{\"cents\":")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(url, "\"" + new string('x', PerdureDefaults.MaxPayloadBytes) + "\"")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(url, "{\"cents\":1,\"text\":\"ok\"}")).StatusCode);
        Assert.Equal("1 ok", await run.ResultAsync<string>(TimeSpan.FromSeconds(60)));
    }

    private async Task<(RunHandle Run, string Url)> OpenAsync(string workflow)
    {
        var run = await Client.StartAsync(workflow, default(Unit)).Soon();
        await Waiting.UntilAsync(async () => await run.ReadAsync(Link) is not null);
        return (run, (await run.ReadAsync(Link))!);
    }

    private Task<HttpResponseMessage> PostAsync(string url, string json) =>
        _http.PostAsync(url, new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddPerdure().UseInMemory()
            .AddWorkflow("reply", static async (WorkflowContext ctx, Unit _) =>
            {
                var hook = ctx.CreateHook<Reply>("reply");
                ctx.Publish(Link, hook.Url);
                var reply = await hook.ReceiveAsync();
                return $"{reply.Cents} {reply.Text}";
            })
            .AddWorkflow("confirm", static (WorkflowContext ctx, Unit _) =>
            {
                var hook = ctx.CreateHook<bool>("confirm");
                ctx.Publish(Link, hook.Url);
                return hook.ReceiveAsync();
            });
        var app = builder.Build();
        app.MapPerdureHooks();
        return app;
    }
}
