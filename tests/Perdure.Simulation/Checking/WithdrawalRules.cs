using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-30: an activity that was taken off its queue does not begin any more. That nobody had it then, the tap sees.</summary>
internal static class WithdrawalRules
{
    public static void Check(RunCase run)
    {
        foreach (var (operation, order) in Withdrawn(run))
        {
            // A later attempt of the workflow, or a later life of the run, may ask for it anew.
            var anew = run.Events.FirstOrDefault(committed => committed.Order > order && committed.Event.Kind == EventKind.ActivityScheduled && committed.Event.Operation == operation)?.Order ?? long.MaxValue;
            if (run.Effects.FirstOrDefault(effect => effect.Operation == operation && effect.Order > order && effect.Order < anew && !run.IsZombie(effect)) is { } late)
                run.Fail("I-30", $"{late.Step} (operation {operation}) began attempt {late.Attempt} on {late.Node.Name} after it had been withdrawn.");
            if (run.Row is { } row && row.Status.IsTerminal() && run.Events.Count(committed => committed.Event.Kind == EventKind.ActivityCancelled && committed.Event.Operation == operation && committed.Event.Data.Length > 0) > Withdrawn(run).Count(other => other.Operation == operation))
                run.Fail("I-15", $"operation {operation} was told more often that it is withdrawn than it was.");
        }
    }

    /// <summary>Operations whose activities were withdrawn, and when.</summary>
    public static IEnumerable<(int Operation, long Order)> Withdrawn(RunCase run) => run.Ledger.Posted
        .Where(static posted => posted.Message.Kind == MessageKind.TaskResult && posted.Message.Id.EndsWith("-withdrawn", StringComparison.Ordinal))
        .Select(static posted => (int.Parse(posted.Message.Id.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture), posted.Order));
}
