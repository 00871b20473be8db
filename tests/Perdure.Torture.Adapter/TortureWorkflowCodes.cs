namespace Perdure.Torture.Adapter;

/// <summary>Error codes of the interpreter and its bodies.</summary>
internal static class TortureWorkflowCodes
{
    /// <summary>A body failed for good.</summary>
    public const string Fatal = "torture_fatal";

    /// <summary>The program wants its run to fail.</summary>
    public const string ProgramFailed = "torture_program_failed";

    /// <summary>An undo failed for good.</summary>
    public const string CompensationFailed = "torture_compensation_failed";
}
