using System.Diagnostics;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Workers;

/// <summary>Finds dead workers, shuts their lanes, and frees what they owned. Thread safe.</summary>
internal sealed class Deaths(Database database, PostgreSqlStoreOptions options)
{
    /// <summary>How long a session lock must have been free, without a renewal, before that counts as a death: a connection may break while its process lives.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromMilliseconds(400);

    private readonly string _look = database.Sql("SELECT key, renewals, now_us, alive, has_work, late, gone, busy FROM {schema}.look_at_workers($1, $2)");
    private readonly string _orders = database.Sql("SELECT revision, paused_at IS NOT NULL FROM {schema}.worker WHERE key = $1");
    private readonly string _mark = database.Sql("SELECT {schema}.mark_dead($1, $2)");
    private readonly string _free = database.Sql("SELECT runs, tasks FROM {schema}.free_dead($1)");

    // Whoever holds the row of a lane of a worker whose lease has run out is a frozen process with a half-sent group: its transaction is ended, nothing of it is written.
    private readonly string _unblock = database.Sql("""
        SELECT pg_terminate_backend(l.pid) FROM {schema}.worker AS w JOIN {schema}.lane AS n ON n.worker = w.key
        JOIN pg_locks AS l ON l.locktype = 'transactionid' AND l.granted AND l.transactionid = n.xmax
        WHERE w.alive AND (w.lease_until < {schema}.clock() OR w.key = ANY($1)) AND l.pid <> pg_backend_pid()
        """);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, (long Renewals, long Since)> _gone = [];
    private readonly HashSet<long> _own = [];
    private (Peers Peers, long At)? _latest;

    /// <summary>Told at each look whether others own something, so that it is worth watching them closely.</summary>
    public Action<bool>? OnLook { get; set; }

    /// <summary>A worker of this process: it needs no watching from here.</summary>
    public void AddOwn(long worker)
    {
        lock (_gate) _own.Add(worker);
    }

    /// <summary>
    /// Renews a lease and looks at the others on the way. On the calling thread: a lease must not be lost because the thread pool is starved.
    /// </summary>
    public LeaseGrant Renew(long worker)
    {
        var (peers, orders) = database.Ask(
            "renew a lease", (this, worker),
            static (question, state) => question.Say(state.Item1._look).Give(state.worker).Give(SessionLock.Namespace(state.Item1.Schema)).Say(state.Item1._orders).Give(state.worker),
            static (reader, _) =>
            {
                var peers = Peers.Read(reader);
                reader.NextResult();
                return (peers, reader.Read() ? new WorkerOrders(reader.GetInt64(0), reader.GetBoolean(1)) : default);
            });
        Note(peers, fresh: true);
        return new(peers.Renewed, peers.Now) { Orders = peers.Renewed ? orders : default };
    }

    /// <summary>Marks and frees. Writes only if there is something to do.</summary>
    public async Task<FenceReport> FenceAsync(int batch, CancellationToken cancellationToken)
    {
        var peers = TakeFresh() ?? await LookAsync(cancellationToken);
        var (hasLate, gone, renewals) = Judge(peers);
        var marked = hasLate || gone.Count > 0 ? await MarkAsync(gone, renewals, cancellationToken) : 0;
        if (marked == 0 && !peers.HasWork) return new(0, 0, 0);
        return await database.AskAsync(
            "free what dead workers own", (this, batch, marked),
            static (question, state) => question.Say(state.Item1._free).Give(state.batch),
            static async (reader, state, token) =>
            {
                await reader.ReadAsync(token);
                return new FenceReport(state.marked, reader.GetInt32(0), reader.GetInt32(1));
            },
            cancellationToken);
    }

    private string Schema => database.Schema;

    private async Task<Peers> LookAsync(CancellationToken cancellationToken)
    {
        var peers = await database.AskAsync(
            "look for dead workers", this,
            static (question, state) => question.Say(state._look).Give(0L).Give(SessionLock.Namespace(state.Schema)),
            static (reader, _, _) => Task.FromResult(Peers.Read(reader)),
            cancellationToken);
        Note(peers, fresh: false);
        return peers;
    }

    private void Note(Peers peers, bool fresh)
    {
        var busy = false;
        lock (_gate)
        {
            _latest = fresh ? (peers, Stopwatch.GetTimestamp()) : null;
            foreach (var peer in peers.Noticed) busy |= peer.IsBusy && !_own.Contains(peer.Worker);
        }
        OnLook?.Invoke(busy);
    }

    /// <summary>What a renewal has seen just before, once.</summary>
    private Peers? TakeFresh()
    {
        lock (_gate)
        {
            var latest = _latest;
            _latest = null;
            return latest is { } look && Stopwatch.GetElapsedTime(look.At) < options.LookLifetime ? look.Peers : null;
        }
    }

    /// <summary>A free lock is a hint only: it counts when it is still free, and its worker has not renewed, some time later.</summary>
    private (bool HasLate, List<long> Gone, List<long> Renewals) Judge(Peers peers)
    {
        var late = false;
        var (gone, renewals) = (new List<long>(), new List<long>());
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            var known = new Dictionary<long, (long Renewals, long Since)>(_gone);
            _gone.Clear();
            foreach (var peer in peers.Noticed)
            {
                late |= peer.IsLate;
                if (!peer.IsGone) continue;
                var since = known.TryGetValue(peer.Worker, out var seen) && seen.Renewals == peer.Renewals ? seen.Since : now;
                _gone.Add(peer.Worker, (peer.Renewals, since));
                if (Stopwatch.GetElapsedTime(since, now) < Doubt) continue;
                gone.Add(peer.Worker);
                renewals.Add(peer.Renewals);
            }
        }
        return (late, gone, renewals);
    }

    private async Task<int> MarkAsync(List<long> gone, List<long> renewals, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await database.AskAsync(
                    "mark dead workers", (this, gone, renewals),
                    static (question, state) => question.Say(state.Item1._mark).Give(state.gone).Give(state.renewals),
                    static async (reader, _, token) =>
                    {
                        await reader.ReadAsync(token);
                        return reader.GetInt32(0);
                    },
                    cancellationToken);
            }
            catch (StoreException e) when (Faults.IsLockTimeout(e) && tries == 0)
            {
                await database.AskAsync(
                    "end a half-sent group", (this, gone),
                    static (question, state) => question.Say(state.Item1._unblock).Give(state.gone),
                    static (_, _, _) => Task.FromResult(true),
                    cancellationToken);
            }
        }
    }
}
