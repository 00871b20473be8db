using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Perdure.Torture.Rigs;

/// <summary>
/// A network of one machine: passes connections on to a server's socket, and can cut all of them at once, as a router that restarts does. Whoever has sent a commit just then
/// never hears what became of it.
/// </summary>
internal sealed class Relay : IDisposable
{
    private const int BufferSize = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly UnixDomainSocketEndPoint _server;
    private readonly ConcurrentDictionary<Socket, Socket> _open = new();

    /// <param name="server">Path of the server's socket.</param>
    public Relay(string server)
    {
        _server = new(server);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Resets all connections.</summary>
    public void Cut()
    {
        foreach (var (near, far) in _open) Reset(near, far);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = PassOnAsync(await _listener.AcceptSocketAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task PassOnAsync(Socket near)
    {
        var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(_server);
            _open[near] = far;
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (SocketException)
        {
            // The server is away.
        }
        Reset(near, far);
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, by one of them or by us.
        }
    }

    private void Reset(Socket near, Socket far)
    {
        _open.TryRemove(near, out _);
        try
        {
            // Without lingering the other end gets a reset instead of an end.
            near.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
        near.Dispose();
        far.Dispose();
    }
}
