using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-13: a checkpoint that a step was told of is there for its next attempt, and stands in the history.</summary>
internal static class CheckpointRules
{
    public static void Check(RunCase run)
    {
        foreach (var step in run.Effects.Where(run => run.Saved.Count + run.Loaded > 0).GroupBy(static effect => effect.Key))
        {
            foreach (var effect in step)
            {
                if (run.IsZombie(effect)) continue;
                var least = step.Where(earlier => earlier.WorkflowAttempt == effect.WorkflowAttempt).SelectMany(static earlier => earlier.Saved).Where(saved => saved.Order < effect.Order).Select(static saved => saved.Checkpoint).DefaultIfEmpty().Max();
                if (effect.Loaded < least) run.Fail("I-13", $"attempt {effect.Attempt} of {effect.Step} began with checkpoint {effect.Loaded} although {least} had been saved.");
                foreach (var (checkpoint, _) in effect.Saved)
                {
                    if (!run.Events.Any(committed => IsOf(committed.Event, effect) && committed.Event.Data.Span.SequenceEqual(Perdure.Authoring.PayloadCodec.Default.Serialize(checkpoint).Span)))
                        run.Fail("I-13", $"checkpoint {checkpoint} of attempt {effect.Attempt} of {effect.Step} was acknowledged and is not in the history.");
                }
            }
        }
    }

    private static bool IsOf(in EventRecord e, Effect effect) => e.Kind == EventKind.StepCheckpoint && e.Operation == effect.Operation && e.Attempt == effect.Attempt && e.Name == effect.Step;
}
