namespace Perdure.Cli.Output;

/// <summary>What became of an act on one run: to people on one line, to scripts as JSON.</summary>
internal static class ActPage
{
    public static int Write(Screen screen, RunHandle run, string outcome, int exitCode)
    {
        if (screen.IsText) Screen.Line($"{run.Id} {outcome}");
        else screen.Json(new ActAnswer(run.Id, outcome), CliJson.Readable.ActAnswer);
        return exitCode;
    }
}
