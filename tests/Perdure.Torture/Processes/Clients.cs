using System.Text.Json.Nodes;

namespace Perdure.Torture.Processes;

/// <summary>The clients. A request whose outcome is unknown is repeated, under the same key or message id, until it is known. Thread safe.</summary>
internal sealed class Clients : IDisposable
{
    /// <summary>One answer in so many gets lost behind the commit, so that the request must be repeated.</summary>
    private const int LostAnswers = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Func<int, ClientProcess> _start;
    private readonly ClientProcess[] _clients;
    private readonly Lock _gate = new();
    private readonly Random _random;
    private int _next;
    private int _unknown;
    private int _lost;

    public Clients(int count, int seed, Func<int, ClientProcess> start)
    {
        _random = new Random(seed);
        _start = start;
        _clients = new ClientProcess[count];
        for (var i = 0; i < count; i++) _clients[i] = start(i);
    }

    /// <summary>How many requests got no answer, or "unknown".</summary>
    public int Unknown => Volatile.Read(ref _unknown);

    /// <summary>How many requests were done, and their answer was lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public int Count => _clients.Length;

    /// <summary>Sends a request until its outcome is certain.</summary>
    public async Task<JsonObject> CallAsync(JsonObject request)
    {
        var wasUnknown = false;
        var start = Environment.TickCount64;
        while (Environment.TickCount64 - start < Patience.TotalMilliseconds)
        {
            var answer = await Pick().CallAsync(request);
            if (answer?["ok"]?.GetValue<bool>() == true && !wasUnknown && LosesAnswer())
            {
                Interlocked.Increment(ref _lost);
                answer = null;
            }
            if (answer?["ok"]?.GetValue<bool>() == true || answer?["class"]?.GetValue<string>() == "rejected") return answer;
            wasUnknown = true;
            Interlocked.Increment(ref _unknown);
            await Task.Delay(Pause);
        }
        throw new HarnessException($"A request was not answered within {Patience.TotalSeconds:0} s: {request.ToJsonString()}");
    }

    /// <summary>A client that has answered something already, so that it has begun with whatever it is asked; null: there is none.</summary>
    public int? FindWarm()
    {
        lock (_gate)
        {
            var index = _random.Next(_clients.Length);
            return _clients[index].HasAnswered ? index : null;
        }
    }

    /// <summary>Kills a client, in the middle of whatever it does, and starts another in its place.</summary>
    public void Kill(int index)
    {
        ClientProcess old;
        lock (_gate)
        {
            old = _clients[index];
            _clients[index] = _start(index);
        }
        old.Dispose();
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }

    private bool LosesAnswer()
    {
        lock (_gate) return _random.Next(LostAnswers) == 0;
    }

    private ClientProcess Pick()
    {
        lock (_gate) return _clients[_next++ % _clients.Length];
    }
}
