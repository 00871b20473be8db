using Perdure.Bench.Engines;

namespace Perdure.Bench.Limits;

/// <summary>
/// The least that a durable log on a database can be: a table of events and a table of runs, prepared statements without any wrapper. Its figures are what the
/// engine is held against. Used by one thread at a time.
/// </summary>
internal interface ILogDatabase : IDisposable
{
    /// <summary>Writes a group as one transaction.</summary>
    void Write(IReadOnlyList<PendingWrite> group);

    /// <summary>Writes events, numbered from <paramref name="first"/>, as one transaction.</summary>
    void Append(long first, int count);

    /// <summary>Throws unless the tables hold exactly so many ended runs and events.</summary>
    void Expect(long runs, long events);

    /// <summary>Opens an empty one beside the engine's own databases.</summary>
    static ILogDatabase Open(Place place) => place.Backend == Backend.Postgres ? new PostgresLogDatabase(place.Address) : new LogDatabase(place.Address);
}
