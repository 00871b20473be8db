namespace Perdure.Authoring;

/// <summary>A procedure of no parameters.</summary>
internal sealed class ActionBody(Func<Task> body) : StepBody<Unit>
{
    public override bool NeedsServices => false;

    public override Task<Unit> InvokeAsync(AttemptScope scope) =>
        UnitTask.From(body());
}

/// <summary>A procedure of one parameter, filled by type.</summary>
internal sealed class ActionBody<T1>(Func<T1, Task> body) : StepBody<Unit>
    where T1 : notnull
{
    public override bool NeedsServices => Injected<T1>.IsService;

    public override Task<Unit> InvokeAsync(AttemptScope scope) =>
        UnitTask.From(body(scope.Resolve<T1>()));
}

/// <summary>A procedure of two parameters, filled by type.</summary>
internal sealed class ActionBody<T1, T2>(Func<T1, T2, Task> body) : StepBody<Unit>
    where T1 : notnull
    where T2 : notnull
{
    public override bool NeedsServices => Injected<T1>.IsService || Injected<T2>.IsService;

    public override Task<Unit> InvokeAsync(AttemptScope scope) =>
        UnitTask.From(body(scope.Resolve<T1>(), scope.Resolve<T2>()));
}

/// <summary>A procedure of three parameters, filled by type.</summary>
internal sealed class ActionBody<T1, T2, T3>(Func<T1, T2, T3, Task> body) : StepBody<Unit>
    where T1 : notnull where T2 : notnull where T3 : notnull
{
    public override bool NeedsServices => Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService;

    public override Task<Unit> InvokeAsync(AttemptScope scope) =>
        UnitTask.From(body(scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>()));
}

/// <summary>A procedure of four parameters, filled by type.</summary>
internal sealed class ActionBody<T1, T2, T3, T4>(Func<T1, T2, T3, T4, Task> body) : StepBody<Unit>
    where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull
{
    public override bool NeedsServices =>
        Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService || Injected<T4>.IsService;

    public override Task<Unit> InvokeAsync(AttemptScope scope) =>
        UnitTask.From(body(scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>(), scope.Resolve<T4>()));
}

/// <summary>A procedure of five parameters, filled by type.</summary>
internal sealed class ActionBody<T1, T2, T3, T4, T5>(Func<T1, T2, T3, T4, T5, Task> body) : StepBody<Unit>
    where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull
{
    public override bool NeedsServices =>
        Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService || Injected<T4>.IsService || Injected<T5>.IsService;

    public override Task<Unit> InvokeAsync(AttemptScope scope) =>
        UnitTask.From(body(scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>(), scope.Resolve<T4>(), scope.Resolve<T5>()));
}
