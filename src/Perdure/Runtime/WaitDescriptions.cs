using Perdure.Formats;

namespace Perdure.Runtime;

/// <summary>What a run waits for, in words for people and clients.</summary>
internal static class WaitDescriptions
{
    public static List<WaitDescription> Of(OpenOperations open)
    {
        var waits = new List<WaitDescription>(open.Count);
        for (var i = 0; i < open.Count; i++)
        {
            var operation = open[i];
            waits.Add(new WaitDescription(KindOf(operation), operation.Name, operation.Due.IsNever ? null : operation.Due.ToDateTimeOffset()));
        }
        return waits;
    }

    private static string KindOf(Operation operation) => operation switch
    {
        SleepOperation => "timer",
        WaitOperation => "signal",
        RequestOperation { Kind: OperationKind.Hook } => "hook",
        RequestOperation => "input",
        ActivityOperation => "activity",
        ChildOperation => "child",
        BodyOperation { Stage: BodyStage.RetryWait } => "retry",
        BodyOperation => "step",
        _ => "limit",
    };
}
