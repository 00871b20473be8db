namespace Perdure.Formats;

/// <summary>What a workflow can ask of the engine. Together with number and name it is an operation's fingerprint.</summary>
internal enum OperationKind
{
    Step,
    Activity,
    Sleep,
    Wait,
    Limit,
    SideEffect,
    Publish,
    Compensation,
    Decision,
    Peek,
    Child,
    ChildMessage,
    Hook,
    Input,
}
