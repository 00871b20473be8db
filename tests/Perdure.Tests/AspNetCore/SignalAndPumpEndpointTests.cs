using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perdure.AspNetCore;
using Perdure.Tests.Engine;

namespace Perdure.Tests.AspNetCore;

/// <summary>Signals and work by plain HTTP requests, on a real server.</summary>
public sealed class SignalAndPumpEndpointTests : IAsyncLifetime
{
    private static readonly Signal<JsonElement> Go = new("go");
    private readonly WebApplication _app = Build();
    private readonly HttpClient _http = new();

    private IPerdureClient Client => _app.Services.GetRequiredService<IPerdureClient>();

    private IPerdureClient Orders => _app.Services.GetRequiredKeyedService<IPerdureClient>("orders");

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.First());
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task ASignalByHttp_IsDurableWhenItIsAnswered_AndAMessageIdMakesItOne()
    {
        var run = await Client.StartAsync("wait", default(Unit), new() { Id = "r 1" }).Soon();
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("/runs/r%201/signals/go", """{"cents": 5}""", "m1")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("/runs/r%201/signals/go", """{"cents": 5}""", "m1")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("/runs/r%201/signals/go", "")).StatusCode);
        Assert.Equal("""{"cents":5} null""", await run.ResultAsync<string>(TimeSpan.FromSeconds(60)));
        Assert.Equal(2, (await run.GetHistoryAsync(kinds: [EventKind.SignalReceived])).Count);
    }

    [Fact]
    public async Task ASignalThatCannotBe_IsRefusedWithItsCode_AndStoresNothing()
    {
        var run = await Client.StartAsync("wait", default(Unit), new() { Id = "r" }).Soon();
        Assert.Equal((HttpStatusCode.NotFound, ErrorCodes.RunNotFound), await RefusedAsync("/runs/nobody/signals/go", "1"));
        Assert.Equal((HttpStatusCode.BadRequest, ErrorCodes.InvalidName), await RefusedAsync("/runs/r/signals/_go", "1"));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/runs/r/signals/go", "{")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync("/runs/r/signals/go", $"\"{new string('x', PerdureDefaults.MaxPayloadBytes)}\"")).StatusCode);
        Assert.Empty(await run.GetHistoryAsync(kinds: [EventKind.SignalReceived]));
        await run.TerminateAsync().Soon();
        await Assert.ThrowsAsync<RunTerminatedException>(() => run.WaitAsync().Soon());
        Assert.Equal((HttpStatusCode.Conflict, ErrorCodes.RunClosed), await RefusedAsync("/runs/r/signals/go", "1"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _http.GetAsync("/runs/r/signals/go")).StatusCode);
    }

    [Fact]
    public async Task ThePump_WorksWhenItIsAsked_AndTellsWhenToComeAgain()
    {
        await Orders.StartAsync("nap", default(Unit), new() { Id = "n" }).Soon();
        Assert.Equal(RunStatus.Pending, (await Orders.GetAsync("n")).Status);
        var first = await PumpAsync("/pump?run=n&budget=20s");
        Assert.Equal(1, first.GetProperty("processed").GetInt32());
        Assert.InRange(first.GetProperty("nextDue").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(50), DateTimeOffset.UtcNow.AddMinutes(61));
        Assert.Equal(RunStatus.Suspended, (await Orders.GetAsync("n")).Status);
        await Orders.CancelAsync("n").Soon();
        var last = await PumpAsync("/pump");
        Assert.Equal(JsonValueKind.Null, last.GetProperty("nextDue").ValueKind);
        Assert.Equal(RunStatus.Cancelled, (await Orders.GetAsync("n")).Status);
        Assert.Equal((HttpStatusCode.BadRequest, ErrorCodes.InvalidDuration), await RefusedAsync("/pump?budget=soon", ""));
    }

    private async Task<JsonElement> PumpAsync(string path) => JsonDocument.Parse(await (await PostAsync(path, "")).EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;

    private async Task<(HttpStatusCode Status, string? Code)> RefusedAsync(string path, string body)
    {
        var answer = await PostAsync(path, body);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body, string? messageId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        if (messageId is not null) request.Headers.Add(PerdureSignalEndpoints.MessageIdHeader, messageId);
        return _http.SendAsync(request);
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddPerdure().UseInMemory()
            .AddWorkflow("wait", static async (WorkflowContext ctx, Unit _) => $"{(await ctx.WaitForAsync(Go)).GetRawText().Replace(" ", "", StringComparison.Ordinal)} {(await ctx.WaitForAsync(Go)).GetRawText()}");
        builder.Services.AddPerdure("orders", static o => o.Runtime = PerdureRuntime.Pump).UseInMemory().AddWorkflow("nap", static (WorkflowContext ctx, Unit _) => ctx.SleepAsync("1h"));
        var app = builder.Build();
        app.MapPerdureSignals();
        app.MapPerdurePump(engine: "orders");
        return app;
    }
}
