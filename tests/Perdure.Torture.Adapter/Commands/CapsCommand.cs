using System.Reflection;
using System.Text.Json;

namespace Perdure.Torture.Adapter.Commands;

/// <summary><c>caps</c>: what this adapter can do, and nothing that Perdure cannot.</summary>
internal static class CapsCommand
{
    /// <summary>Operations that exist: all of the protocol.</summary>
    public static IReadOnlyList<string> Operations { get; } =
    [
        "step", "sleep", "wait", "all", "any", "each", "child", "saga", "loop", "can", "now", "uuid", "rand", "fail", "shield", "timeout", "cancel", "signal_start", "queue",
    ];

    public static int Run()
    {
        var version = typeof(IPerdureClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            proto = 1,
            engine = $"perdure {version}",
            db = Database.Schemes,
            // The fencing token of a claim is not public.
            epochs = false,
            lease_ms_min = (int)PerdureDefaults.MinWorkerLease.TotalMilliseconds,
            cron = true,
            quarantine = true,
            attempts_strict = true,
            // Code is entered after its history was read, so no line could be written before that.
            act = false,
            // SQLite's clock is that of the process that asks.
            store_clock = new { sqlite = false, postgres = true },
            multi_process = new { sqlite = true, postgres = true },
            ops = Operations,
        }));
        return 0;
    }
}
