using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-19, I-20: the last run of a chain receives what the hook that it was handed has been answered, in whichever run that was: each answer once.</summary>
internal static class KeptHookRules
{
    public static void Check(RunCase run)
    {
        if (run.Row is not { Status: RunStatus.Completed } row || ChainRules.Previous(run.Cluster, run.Ledger) is null) return;
        foreach (var act in run.Program.Flatten().Where(static act => act.Kind == ActKind.KeptHook))
        {
            var path = PathOf(run.Program, act);
            var line = PayloadCodec.Default.Deserialize<string>(row.Result.Span)!.Split('\n').First(line => line.StartsWith(path + "=", StringComparison.Ordinal))[(path.Length + 1)..].Split(' ');
            var hash = TokenHash.Of(line[0]);
            var received = line.Skip(1).Where(static said => said != "expired").ToList();
            var answers = run.Cluster.Clients.SelectMany(static client => client.Log).OfType<AnswerOp>().Where(answer => answer.TokenHash.Span.SequenceEqual(hash.Span)).ToList();
            if (received.Count != received.Distinct().Count()) run.Fail("I-20", $"it received an answer of the hook that it was handed twice: {string.Join(' ', received)}.");
            if (received.Find(said => answers.TrueForAll(answer => answer.Said != said)) is { } invented) run.Fail("I-20", $"it received {invented} from the hook that it was handed, which nobody has answered.");
            var accepted = answers.Where(static answer => answer.IsAcked && answer.Outcome.Verdict == AnswerVerdict.Accepted).ToList();
            if (accepted.Count > act.Tries) run.Fail("I-20", $"the hook that it was handed takes {act.Tries} answers, and {accepted.Count} were accepted.");
            if (accepted.Find(answer => !received.Contains(answer.Said)) is { } lost) run.Fail("I-19", $"it never received {lost.Said}, which was accepted by the hook that it was handed.");
        }
    }

    /// <summary>Kept hooks stand at the top of a program.</summary>
    private static string PathOf(Act program, Act act) => $".{program.Acts.ToList().IndexOf(act)}";
}
