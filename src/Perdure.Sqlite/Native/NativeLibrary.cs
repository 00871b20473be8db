using SQLitePCL;

namespace Perdure.Sqlite.Native;

/// <summary>The SQLite library of the process.</summary>
internal static class NativeLibrary
{
    /// <summary>The statements of the store need RETURNING.</summary>
    private const int OldestUsable = 3_035_000;

    private static readonly Lazy<int> Loaded = new(static () =>
    {
        Batteries_V2.Init();
        return raw.sqlite3_libversion_number();
    });

    /// <summary>Version of the loaded library.</summary>
    public static Version Version => ToVersion(Loaded.Value);

    public static void EnsureUsable() => Require(Loaded.Value);

    /// <summary>Throws when a library of this version number, such as 3035005 for 3.35.5, is too old.</summary>
    public static void Require(int number)
    {
        if (number < OldestUsable)
            throw new StoreException(StoreFault.Schema,
                $"The loaded SQLite library has version {ToVersion(number)}, but Perdure needs {ToVersion(OldestUsable)} or newer. " +
                "Reference a newer SQLitePCLRaw bundle.");
    }

    private static Version ToVersion(int number) => new(number / 1_000_000, number / 1_000 % 1_000, number % 1_000);
}
