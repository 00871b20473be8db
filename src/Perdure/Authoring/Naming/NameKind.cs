namespace Perdure.Authoring;

/// <summary>What is being named; it stands in the error when the name breaks the rule.</summary>
internal enum NameKind
{
    Workflow,
    Step,
    Activity,
    Signal,
    Queue,
    State,
    SideEffect,
    Tag,
    DataKey,
    Change,
    Schedule,
    Hook,
    Input,
    Query,
}
