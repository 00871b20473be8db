using System.Diagnostics;
using Npgsql;

namespace Perdure.Bench.Limits;

/// <summary>On PostgreSQL: a group is one round trip of up to three statements over arrays.</summary>
internal sealed class PostgresLogDatabase : ILogDatabase
{
    private const string InsertRuns = "INSERT INTO run(id, status, at, input) SELECT r, 0, $3, b FROM unnest($1, $2) AS t(r, b)";
    private const string InsertEvents = "INSERT INTO event(run, seq, kind, at, payload) SELECT r, s, 1, $4, b FROM unnest($1, $2, $3) AS t(r, s, b)";
    private const string EndRuns = "UPDATE run SET status = 2, result = t.b FROM unnest($1, $2) AS t(r, b) WHERE run.id = t.r";

    private readonly NpgsqlConnection _connection;
    private readonly List<PendingWrite> _starts = [];
    private readonly List<PendingWrite> _appends = [];
    private readonly List<PendingWrite> _ends = [];

    public PostgresLogDatabase(string connectionString)
    {
        _connection = new NpgsqlConnection(connectionString);
        _connection.Open();
        Execute("CREATE TABLE run(id bigint PRIMARY KEY, status smallint NOT NULL, at bigint NOT NULL, input bytea NOT NULL, result bytea) WITH (fillfactor = 80)");
        Execute("CREATE TABLE event(run bigint NOT NULL, seq integer NOT NULL, kind smallint NOT NULL, at bigint NOT NULL, payload bytea NOT NULL, PRIMARY KEY (run, seq))");
    }

    public void Write(IReadOnlyList<PendingWrite> group)
    {
        foreach (var write in group) (write.Kind switch { WriteKind.Start => _starts, WriteKind.Append => _appends, _ => _ends }).Add(write);
        var at = Stopwatch.GetTimestamp();
        using var batch = new NpgsqlBatch(_connection);
        if (_starts.Count > 0) Add(batch, InsertRuns, Runs(_starts), Payloads(_starts), new NpgsqlParameter<long> { TypedValue = at });
        if (_appends.Count > 0)
            Add(batch, InsertEvents, Runs(_appends), Parameter(_appends.ConvertAll(static write => write.Sequence).ToArray()), Payloads(_appends), new NpgsqlParameter<long> { TypedValue = at });
        if (_ends.Count > 0) Add(batch, EndRuns, Runs(_ends), Payloads(_ends));
        Send(batch);
        _starts.Clear();
        _appends.Clear();
        _ends.Clear();
    }

    public void Append(long first, int count)
    {
        var (runs, sequences, payloads) = (new long[count], new int[count], new byte[count][]);
        for (var i = 0; i < count; i++) (runs[i], sequences[i], payloads[i]) = ((first + i) / 5, (int)((first + i) % 5), Bytes.Event);
        using var batch = new NpgsqlBatch(_connection);
        Add(batch, InsertEvents, Parameter(runs), Parameter(sequences), Parameter(payloads), new NpgsqlParameter<long> { TypedValue = Stopwatch.GetTimestamp() });
        Send(batch);
    }

    public void Expect(long runs, long events)
    {
        var (foundRuns, foundEvents) = (Count("SELECT count(*) FROM run WHERE status = 2"), Count("SELECT count(*) FROM event"));
        if (foundRuns != runs || foundEvents != events)
            throw new InvalidOperationException($"{runs} runs with {events} events were acknowledged; the database holds {foundRuns} with {foundEvents}.");
    }

    public void Dispose() => _connection.Dispose();

    private static NpgsqlParameter Runs(List<PendingWrite> writes) => Parameter(writes.ConvertAll(static write => write.Run).ToArray());

    private static NpgsqlParameter Payloads(List<PendingWrite> writes) => Parameter(writes.ConvertAll(static write => write.Bytes).ToArray());

    private static NpgsqlParameter<T[]> Parameter<T>(T[] values) => new() { TypedValue = values };

    private static void Add(NpgsqlBatch batch, string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static void Send(NpgsqlBatch batch)
    {
        // The server knows the statements after the first time; then this asks nothing of it.
        batch.Prepare();
        batch.ExecuteNonQuery();
    }

    private long Count(string query)
    {
        using var command = new NpgsqlCommand(query, _connection);
        return (long)command.ExecuteScalar()!;
    }

    private void Execute(string text)
    {
        using var command = new NpgsqlCommand(text, _connection);
        command.ExecuteNonQuery();
    }
}
