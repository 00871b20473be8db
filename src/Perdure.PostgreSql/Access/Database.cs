using Npgsql;

namespace Perdure.PostgreSql.Access;

/// <summary>
/// The way to the server: every call takes a connection from the pool, makes one round trip that is one transaction, and gives the connection back. Nobody holds a
/// connection while asking for another, so a pool of two is enough. Thread safe.
/// </summary>
internal sealed class Database(NpgsqlDataSource source, bool ownsSource, PostgreSqlStoreOptions options) : IAsyncDisposable
{
    private readonly string _schema = SchemaName.Quote(options.Schema);
    private readonly int _timeout = Math.Max(1, (int)Math.Ceiling(options.CommandTimeout.TotalSeconds));

    // Behind a pooler a statement that was prepared on one server connection is not known to the next.
    private readonly bool _prepares = !options.Pooled;

    /// <summary>Name of the schema, unquoted.</summary>
    public string Schema => options.Schema;

    /// <summary>Host, database and schema, for messages; no secrets.</summary>
    public string Place { get; } = PlaceOf(source.ConnectionString, options.Schema);

    /// <summary>Whether a server of another machine may be reached without TLS.</summary>
    public bool IsUnencrypted { get; } = MayBeUnencrypted(new(source.ConnectionString));

    /// <summary>Puts the schema's name into a statement.</summary>
    public string Sql(string text) => text.Replace("{schema}", _schema, StringComparison.Ordinal);

    /// <summary>
    /// Makes one round trip. <paramref name="ask"/> puts the statements together, <paramref name="read"/> reads all result sets that it wants; both may be called once only.
    /// </summary>
    public async Task<T> AskAsync<TState, T>(
        string action, TState state, Action<Question, TState> ask, Func<NpgsqlDataReader, TState, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var sent = false;
        // A loop of the engine has a thread of its own, and nothing else to do: that it waits itself spares two changes of threads on the way of every commit.
        var waitsHere = SynchronizationContext.Current is not null && options.OnOpened is null;
        try
        {
            await using var connection = waitsHere ? source.OpenConnection() : await OpenAsync(cancellationToken);
            await using var batch = connection.CreateBatch();
            batch.Timeout = _timeout;
            ask(new Question(batch), state);
            if (_prepares && waitsHere) batch.Prepare();
            else if (_prepares) await batch.PrepareAsync(cancellationToken);
            sent = true;
            await using var reader = waitsHere ? batch.ExecuteReader() : await batch.ExecuteReaderAsync(cancellationToken);
            var answer = await read(reader, state, cancellationToken);
            // An error of a later statement, and of the commit itself, shows only when everything has been read.
            while (await reader.NextResultAsync(cancellationToken)) { }
            return answer;
        }
        catch (Exception e) when (IsFailure(e, cancellationToken))
        {
            throw Fail(e, action, sent);
        }
    }

    /// <summary>As above, on the calling thread from beginning to end: for a caller that must not depend on the thread pool.</summary>
    public T Ask<TState, T>(string action, TState state, Action<Question, TState> ask, Func<NpgsqlDataReader, TState, T> read)
    {
        var sent = false;
        try
        {
            using var connection = source.OpenConnection();
            if (options.OnOpened is { } onOpened) onOpened(connection).GetAwaiter().GetResult();
            using var batch = connection.CreateBatch();
            batch.Timeout = _timeout;
            ask(new Question(batch), state);
            if (_prepares) batch.Prepare();
            sent = true;
            using var reader = batch.ExecuteReader();
            var answer = read(reader, state);
            while (reader.NextResult()) { }
            return answer;
        }
        catch (Exception e) when (IsFailure(e, CancellationToken.None))
        {
            throw Fail(e, action, sent);
        }
    }

    /// <summary>A connection for a longer piece of work. The caller gives it back by disposing it.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        if (options.OnOpened is { } onOpened) await onOpened(connection);
        return connection;
    }

    /// <summary>The fault that a failure of such a piece of work means.</summary>
    public StoreException Fail(Exception e, string action, bool sent)
    {
        // A server that went away has ended the idle connections of the pool as well: each of them would fail once.
        if (e is NpgsqlException { IsTransient: true } or PostgresException { SqlState: "57P01" or "57P02" or "57P03" }) source.Clear();
        return Faults.Create(e, action, Place, sent);
    }

    public ValueTask DisposeAsync() => ownsSource ? source.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>Whether an exception is a failure of the store, and not the caller's own cancellation.</summary>
    public static bool IsFailure(Exception e, CancellationToken cancellationToken) =>
        e is not OperationCanceledException || !cancellationToken.IsCancellationRequested;

    private static bool MayBeUnencrypted(NpgsqlConnectionStringBuilder parts) =>
        parts.SslMode is SslMode.Disable or SslMode.Allow or SslMode.Prefer
        && parts.Host is { } host && host is not ("localhost" or "127.0.0.1" or "::1") && !host.StartsWith('/') && !host.StartsWith('@');

    private static string PlaceOf(string connectionString, string schema)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{parts.Host}/{parts.Database ?? parts.Username}, schema {schema}";
    }
}
