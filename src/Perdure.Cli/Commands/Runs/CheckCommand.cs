using System.CommandLine;
using System.Globalization;
using Perdure.Cli.Hosting;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure check --assembly new.dll</c></summary>
internal sealed class CheckCommand : ClientCommand
{
    private readonly RunFilters _filters = new();
    private readonly Option<string?> _assembly = KnownCode.NewOption("The code to be rolled out");
    private readonly Option<bool> _all = new("--all-known") { Description = "A run that the assembly has no code for is a failure too." };

    public CheckCommand() : base("check", "Replays the runs that live against new code, and changes nothing.")
    {
        Add(_assembly);
        Add(_all);
        _filters.AddTo(this);
    }

    protected override WorkflowAssembly? CodeIn(ParseResult given) => LoadFrom(given, _assembly);

    /// <summary>The code against which histories are replayed, without which there is nothing to check.</summary>
    internal static WorkflowAssembly LoadFrom(ParseResult given, Option<string?> option) =>
        WorkflowAssembly.Load(KnownCode.PathIn(given, option) ?? throw new UsageException("Say with --assembly which code the histories are replayed against."));

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var checks = new List<ReplayCheck>();
        var counts = new int[Enum.GetValues<ReplayVerdict>().Length];
        await foreach (var check in client.CheckReplaysAsync(_filters.Read(given), stop))
        {
            counts[(int)check.Verdict]++;
            if (screen.IsOneLine) screen.Json(check, CliJson.Readable.ReplayCheck);
            else if (!screen.IsText) checks.Add(check);
            else if (check is not { Verdict: ReplayVerdict.Fits, Detail: null }) Screen.Line(check.ToString());
        }
        if (!screen.IsText && !screen.IsOneLine) screen.Json(checks, CliJson.Readable.IReadOnlyListReplayCheck);
        var (fit, unknown) = (counts[(int)ReplayVerdict.Fits], counts[(int)ReplayVerdict.NoCode]);
        var bad = counts.Sum() - fit - unknown;
        if (screen.IsText) Screen.Line(string.Create(CultureInfo.InvariantCulture, $"{fit} fit, {bad} would be blocked, {unknown} without code"));
        return bad > 0 || unknown > 0 && given.GetValue(_all) ? ExitCode.Failed : ExitCode.Done;
    }
}
