using System.Globalization;

namespace Perdure.Bench.Engines;

/// <summary>Processor time of the database server that works for this process. Linux only; zero elsewhere.</summary>
internal static class ServerUse
{
    private const double TicksPerSecond = 100;
    private static long s_server;

    /// <summary>From now on the server with this process number is watched.</summary>
    public static void Watch(long server) => s_server = server;

    /// <summary>Seconds that the server, its processes and those that have ended have been busy.</summary>
    public static double Seconds()
    {
        if (s_server == 0 || !OperatingSystem.IsLinux()) return 0;
        double ticks = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!long.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid)) continue;
            try
            {
                var text = File.ReadAllText(folder + "/stat");
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                if (pid != s_server && Number(fields[1]) != s_server) continue;
                ticks += Number(fields[11]) + Number(fields[12]);
                // Its ended processes stand with the server itself.
                if (pid == s_server) ticks += Number(fields[13]) + Number(fields[14]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }
        return ticks / TicksPerSecond;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
