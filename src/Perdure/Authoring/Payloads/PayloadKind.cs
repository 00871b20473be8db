namespace Perdure.Authoring;

/// <summary>What a payload is; it decides its limit and which error tells that it cannot be written.</summary>
internal enum PayloadKind
{
    /// <summary>The result of a workflow, step, activity or side effect: the body has run.</summary>
    Result,

    /// <summary>The input of a run or an activity.</summary>
    Input,

    /// <summary>The payload of a signal.</summary>
    Signal,

    /// <summary>Published state.</summary>
    State,

    /// <summary>A value of a run's data.</summary>
    Data,

    /// <summary>Details of a heartbeat or an error.</summary>
    Details,
}
