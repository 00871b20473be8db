using System.Globalization;
using Perdure.Torture;

// Options: --seconds N (of storm), --db sqlite or postgres, --seed N, --folder PATH, --starts N (programs a second).
var options = new Dictionary<string, string>(StringComparer.Ordinal);
for (var i = 0; i + 1 < args.Length; i += 2) options[args[i].TrimStart('-')] = args[i + 1];
var folder = options.GetValueOrDefault("folder") ?? Directory.CreateTempSubdirectory("perdure-torture-").FullName;
Directory.CreateDirectory(folder);
var config = new TortureConfig { Folder = folder, Store = options.GetValueOrDefault("db") ?? "sqlite" };
if (options.TryGetValue("seconds", out var seconds)) config = config with { Storm = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)) };
if (options.TryGetValue("seed", out var seed)) config = config with { Seed = int.Parse(seed, CultureInfo.InvariantCulture) };
if (options.TryGetValue("starts", out var starts)) config = config with { StartsPerSecond = double.Parse(starts, CultureInfo.InvariantCulture) };
try
{
    var verdict = await new TortureRun(config, Console.WriteLine).RunAsync();
    Console.WriteLine(verdict);
    return verdict.IsPassed ? 0 : 1;
}
catch (HarnessException e)
{
    Console.WriteLine($"The driver cannot go on: {e.Message}");
    return 2;
}
