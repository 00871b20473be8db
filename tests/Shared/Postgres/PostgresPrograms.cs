namespace Perdure.Testing.Shared.Postgres;

/// <summary>Finds a server's programs on this machine.</summary>
internal static class PostgresPrograms
{
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>The folder that holds <c>initdb</c> and <c>postgres</c>, or null: on the PATH, else the newest of the usual places.</summary>
    public static string? Find()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!File.Exists(Path.Combine(folder, "initdb" + Suffix))) continue;
            // Beside a link stands only what is linked; the programs look for their files beside themselves.
            var real = File.ResolveLinkTarget(Path.Combine(folder, "initdb" + Suffix), returnFinalTarget: true) is { } target ? Path.GetDirectoryName(target.FullName)! : folder;
            if (IsComplete(real)) return real;
        }
        return Usual().Where(IsComplete).OrderByDescending(VersionOf).FirstOrDefault();
    }

    private static IEnumerable<string> Usual()
    {
        string[] roots = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", @"C:\Program Files\PostgreSQL"];
        return roots.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Select(static folder => Path.Combine(folder, "bin"));
    }

    private static bool IsComplete(string folder) => File.Exists(Path.Combine(folder, "initdb" + Suffix)) && File.Exists(Path.Combine(folder, "postgres" + Suffix));

    private static int VersionOf(string folder)
    {
        var digits = new string(Path.GetFileName(Path.GetDirectoryName(folder)!).Where(char.IsAsciiDigit).ToArray());
        return int.TryParse(digits, out var version) ? version : 0;
    }
}
