namespace Perdure.Authoring;

/// <summary>The colours of states, the same in every drawing.</summary>
internal static class GraphColors
{
    public static string Of(GraphNodeState state) => state switch
    {
        GraphNodeState.Running => "#1f6feb",
        GraphNodeState.Waiting => "#9a6700",
        GraphNodeState.Completed => "#1a7f37",
        GraphNodeState.Failed => "#cf222e",
        GraphNodeState.Cancelled => "#6e4a7e",
        GraphNodeState.Skipped => "#8c959f",
        _ => "#57606a",
    };
}
