namespace Perdure;

/// <summary>What becomes of a child that has not ended when its parent is cancelled or ends. Values are stored; they never change their number.</summary>
public enum ParentClosePolicy
{
    /// <summary>It is asked to cancel. The default of a child that is awaited.</summary>
    RequestCancel = 0,

    /// <summary>It goes on. The default of a detached child.</summary>
    Abandon = 1,

    /// <summary>It is ended by force when the parent ends. A cancellation of the parent alone does not touch it.</summary>
    Terminate = 2,
}
