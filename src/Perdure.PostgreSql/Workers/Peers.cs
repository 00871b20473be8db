using Npgsql;

namespace Perdure.PostgreSql.Workers;

/// <summary>What one look at the table of workers has shown.</summary>
/// <param name="Now">The store's clock.</param>
/// <param name="Renewed">Whether the lease that was to be renewed is the worker's still.</param>
/// <param name="HasWork">Whether dead workers own something, or have been dead for long.</param>
/// <param name="Noticed">Live workers that are late, that have let go of their session lock, or that own something.</param>
internal sealed record Peers(Instant Now, bool Renewed, bool HasWork, IReadOnlyList<Peer> Noticed)
{
    public static Peers Read(NpgsqlDataReader reader)
    {
        reader.Read();
        var (now, renewed, hasWork) = (new Instant(reader.GetInt64(2)), reader.GetBoolean(3), reader.GetBoolean(4));
        List<Peer>? noticed = null;
        while (reader.Read()) (noticed ??= []).Add(new(reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(5), reader.GetBoolean(6), reader.GetBoolean(7)));
        return new(now, renewed, hasWork, noticed is null ? [] : noticed);
    }
}

/// <summary>A live worker.</summary>
/// <param name="Worker">Its key.</param>
/// <param name="Renewals">How often it has renewed its lease: as long as that does not move, what was noticed may still be true.</param>
/// <param name="IsLate">Its lease has run out.</param>
/// <param name="IsGone">Nobody holds its session lock: its process, or only its connection, is gone.</param>
/// <param name="IsBusy">It owns runs or tasks.</param>
internal readonly record struct Peer(long Worker, long Renewals, bool IsLate, bool IsGone, bool IsBusy);
