using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Perdure.Sqlite;

namespace Perdure.Bench.Measuring;

/// <summary>What figures must never be quoted without: the machine and how fast its disk makes something durable.</summary>
internal sealed record MachineInfo(
    int Cores, string Processor, string OperatingSystem, string Runtime, string Sqlite, string Synchronous, double FsyncMs)
{
    private const int Page = 4096;
    private const int Samples = 200;

    /// <summary>Looks at this machine; <paramref name="directory"/> is on the disk that is measured.</summary>
    public static MachineInfo Read(string directory)
    {
        SQLitePCL.Batteries_V2.Init();
        var sqlite = SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
        var synchronous = new SqliteStoreOptions().Synchronous.ToString().ToUpperInvariant();
        return new MachineInfo(
            Environment.ProcessorCount, ProcessorName(), RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
            sqlite, synchronous, MeasureFsync(directory));
    }

    public override string ToString() =>
        FormattableString.Invariant($"host: {Cores} cores ({Processor}), {OperatingSystem}, {Runtime}, ")
        + FormattableString.Invariant($"SQLite {Sqlite}, synchronous={Synchronous}, fsync p50 {FsyncMs:0.000} ms");

    public JsonObject ToJson() => new()
    {
        ["cores"] = Cores, ["processor"] = Processor, ["system"] = OperatingSystem, ["runtime"] = Runtime,
        ["sqlite"] = Sqlite, ["synchronous"] = Synchronous, ["fsyncMs"] = Math.Round(FsyncMs, 4),
    };

    private static string ProcessorName()
    {
        if (!File.Exists("/proc/cpuinfo")) return RuntimeInformation.ProcessArchitecture.ToString();
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    /// <summary>Overwrites pages of an existing file, as a write-ahead log does that is reused in place.</summary>
    private static double MeasureFsync(string directory)
    {
        var path = Path.Combine(directory, "fsync.bin");
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var page = new byte[Page];
            for (var i = 0; i < Samples; i++) file.Write(page);
            file.Flush(flushToDisk: true);
            file.Position = 0;
            var ticks = new long[Samples];
            for (var i = 0; i < Samples; i++)
            {
                var start = Stopwatch.GetTimestamp();
                file.Write(page);
                file.Flush(flushToDisk: true);
                ticks[i] = Stopwatch.GetTimestamp() - start;
            }
            return Statistics.Milliseconds(Statistics.Percentile(Statistics.Sorted(ticks), 0.5));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
