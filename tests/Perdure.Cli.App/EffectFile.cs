using System.Globalization;

namespace Perdure.Cli.App;

/// <summary>What steps do to the world: a line in the file that <c>CLI_TEST_EFFECTS</c> names, with the process that wrote it.</summary>
public sealed class EffectFile
{
    private readonly string _path = Environment.GetEnvironmentVariable("CLI_TEST_EFFECTS") ?? throw new InvalidOperationException("CLI_TEST_EFFECTS names no file.");
    private readonly Lock _gate = new();

    public string Append(string what)
    {
        var process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        lock (_gate) File.AppendAllText(_path, $"{what} {process}\n");
        return process;
    }
}
