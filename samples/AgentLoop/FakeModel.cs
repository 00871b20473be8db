using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Perdure.Samples.AgentLoop;

/// <summary>
/// A model and its tools, as a server on this machine. It shows and counts every call. The first look at an order is never answered: there the agent's process dies.
/// </summary>
internal sealed class FakeModel : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _keys = [];
    private readonly Task _serving;

    public FakeModel()
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>Ends when a tool was called that does not answer.</summary>
    public Task Hangs => _hangs.Task;

    /// <summary>Calls of the model so far, and how many of them had been made before.</summary>
    public (int All, int Repeated) ModelCalls { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) await AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext call)
    {
        var path = call.Request.Url!.AbsolutePath;
        var isNew = _keys.Add(call.Request.Headers["Idempotency-Key"]!);
        object? answer = path switch
        {
            "/model" => Think(await JsonSerializer.DeserializeAsync<string[]>(call.Request.InputStream), isNew),
            "/tools/look_up" => LookUp(isNew),
            "/tools/refund" => Show("[refund] 12.50", "paid"),
            _ => null,
        };
        if (answer is null) return;
        call.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(call.Response.OutputStream, answer, answer.GetType(), JsonSerializerOptions.Web);
        call.Response.Close();
    }

    private Move Think(string[]? talk, bool isNew)
    {
        ModelCalls = (ModelCalls.All + 1, ModelCalls.Repeated + (isNew ? 0 : 1));
        var move = talk!.Length switch
        {
            1 => new Move(Tool: "look_up", Input: "ORD-7"),
            2 => new Move(Tool: "refund", Input: "12.50", NeedsApproval: true),
            _ => new Move(Answer: "ORD-7 arrived broken; 12.50 were paid back."),
        };
        return Show($"[model] {talk[^1]}", move);
    }

    private string? LookUp(bool isNew)
    {
        if (!isNew) return Show("[look_up] ORD-7, again", "arrived broken");
        Show("[look_up] ORD-7", "");
        _hangs.TrySetResult();
        return null;
    }

    private static T Show<T>(string what, T answer)
    {
        Console.WriteLine(what);
        return answer;
    }
}
