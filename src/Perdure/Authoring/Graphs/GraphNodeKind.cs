namespace Perdure;

/// <summary>What a node of a workflow's graph stands for.</summary>
public enum GraphNodeKind
{
    /// <summary>The beginning.</summary>
    Start,
    /// <summary>The end.</summary>
    End,
    /// <summary>A step or an activity.</summary>
    Step,
    /// <summary>Ways part here: a branch, a decision, a parallel block, a loop.</summary>
    Branch,
    /// <summary>Ways come together here.</summary>
    Join,
    /// <summary>A wait for the clock or for a signal.</summary>
    Wait,
    /// <summary>A child workflow.</summary>
    Child,
    /// <summary>A step that undoes another.</summary>
    Compensation,
}
