namespace Perdure.PostgreSql.Workers;

/// <summary>The advisory lock that a worker's process holds in its session while it lives: its place in the server's table of locks.</summary>
internal static class SessionLock
{
    /// <summary>The first of the lock's two numbers: one for each schema. FNV-1a, because it must be the same in every process.</summary>
    public static int Namespace(string schema)
    {
        var hash = 2166136261u;
        foreach (var c in "perdure worker " + schema) hash = (hash ^ c) * 16777619u;
        return (int)hash;
    }

    /// <summary>The second: the worker's key, cut to 32 bits.</summary>
    public static int Number(long worker) => (int)worker;
}
