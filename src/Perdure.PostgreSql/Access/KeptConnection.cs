using System.Data;
using Npgsql;

namespace Perdure.PostgreSql.Access;

/// <summary>
/// A connection that one kind of call goes on with. The pool gives its connections out in turn, and a process of the server that was last asked long ago has lost its
/// place in the processor's caches: the next commit would pay for that. Holds one at most; who comes while it is away gets another one from the pool. Thread safe.
/// </summary>
internal sealed class KeptConnection(NpgsqlDataSource source) : IDisposable
{
    private readonly Lock _gate = new();
    private NpgsqlConnection? _idle;
    private bool _disposed;

    public NpgsqlConnection Take()
    {
        NpgsqlConnection? kept;
        lock (_gate) (kept, _idle) = (_idle, null);
        if (kept is { State: ConnectionState.Open }) return kept;
        kept?.Dispose();
        return source.OpenConnection();
    }

    /// <summary>Takes a connection back whose call has succeeded. After a failure it is disposed instead.</summary>
    public void GiveBack(NpgsqlConnection connection)
    {
        lock (_gate)
        {
            if (_idle is null && !_disposed)
            {
                _idle = connection;
                return;
            }
        }
        connection.Dispose();
    }

    public void Dispose()
    {
        NpgsqlConnection? kept;
        lock (_gate) (kept, _idle, _disposed) = (_idle, null, true);
        kept?.Dispose();
    }
}
