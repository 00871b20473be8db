namespace Perdure.Authoring;

/// <summary>A function of no parameters.</summary>
internal sealed class FunctionBody<TResult>(Func<Task<TResult>> body) : StepBody<TResult>
{
    public override bool NeedsServices => false;

    public override Task<TResult> InvokeAsync(AttemptScope scope) =>
        body();
}

/// <summary>A function of one parameter, filled by type.</summary>
internal sealed class FunctionBody<T1, TResult>(Func<T1, Task<TResult>> body) : StepBody<TResult>
    where T1 : notnull
{
    public override bool NeedsServices => Injected<T1>.IsService;

    public override Task<TResult> InvokeAsync(AttemptScope scope) =>
        body(scope.Resolve<T1>());
}

/// <summary>A function of two parameters, filled by type.</summary>
internal sealed class FunctionBody<T1, T2, TResult>(Func<T1, T2, Task<TResult>> body) : StepBody<TResult>
    where T1 : notnull
    where T2 : notnull
{
    public override bool NeedsServices => Injected<T1>.IsService || Injected<T2>.IsService;

    public override Task<TResult> InvokeAsync(AttemptScope scope) =>
        body(scope.Resolve<T1>(), scope.Resolve<T2>());
}

/// <summary>A function of three parameters, filled by type.</summary>
internal sealed class FunctionBody<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> body) : StepBody<TResult>
    where T1 : notnull where T2 : notnull where T3 : notnull
{
    public override bool NeedsServices => Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService;

    public override Task<TResult> InvokeAsync(AttemptScope scope) =>
        body(scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>());
}

/// <summary>A function of four parameters, filled by type.</summary>
internal sealed class FunctionBody<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, Task<TResult>> body) : StepBody<TResult>
    where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull
{
    public override bool NeedsServices =>
        Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService || Injected<T4>.IsService;

    public override Task<TResult> InvokeAsync(AttemptScope scope) =>
        body(scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>(), scope.Resolve<T4>());
}

/// <summary>A function of five parameters, filled by type.</summary>
internal sealed class FunctionBody<T1, T2, T3, T4, T5, TResult>(Func<T1, T2, T3, T4, T5, Task<TResult>> body) : StepBody<TResult>
    where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull
{
    public override bool NeedsServices =>
        Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService || Injected<T4>.IsService || Injected<T5>.IsService;

    public override Task<TResult> InvokeAsync(AttemptScope scope) =>
        body(scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>(), scope.Resolve<T4>(), scope.Resolve<T5>());
}
