using SQLitePCL;

namespace Perdure.Sqlite.Native;

/// <summary>The SQLite library of the process.</summary>
internal static class NativeLibrary
{
    /// <summary>The first version in which no checkpoint can meet the reset of a log at a bad moment; below it <c>Checkpointer</c> keeps the two apart.</summary>
    public const int SafeCheckpoints = 3_051_003;

    private static readonly Lazy<int> LoadedVersion = new(static () =>
    {
        Batteries_V2.Init();
        return raw.sqlite3_libversion_number();
    });

    /// <summary>Version of the loaded library, such as 3035005 for 3.35.5.</summary>
    public static int Version => LoadedVersion.Value;

    public static void EnsureLoaded() => _ = LoadedVersion.Value;
}
