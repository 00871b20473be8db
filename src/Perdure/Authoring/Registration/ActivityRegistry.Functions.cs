namespace Perdure.Authoring;

/// <content>
/// Functions as activities. The first parameter is the input, unless it is filled by the attempt; the others are filled by type.
/// </content>
internal sealed partial class ActivityRegistry
{
    public void Add<TOut>(string name, Func<Task<TOut>> body, ActivityOptions? options = null) =>
        AddFunction<Unit, TOut>(name, body, options, needsServices: false, (_, _) => body());

    public void Add<TOut>(string name, Func<CancellationToken, Task<TOut>> body, ActivityOptions? options = null) =>
        AddFunction<Unit, TOut>(name, body, options, needsServices: false, (scope, _) => body(scope.Token));

    public void Add<TIn, TOut>(string name, Func<TIn, Task<TOut>> body, ActivityOptions? options = null) =>
        AddFunction<TIn, TOut>(name, body, options, needsServices: false,
            (_, input) => body(input));

    public void Add<TIn, T1, TOut>(string name, Func<TIn, T1, Task<TOut>> body, ActivityOptions? options = null)
        where T1 : notnull =>
        AddFunction<TIn, TOut>(name, body, options, Injected<T1>.IsService,
            (scope, input) => body(input, scope.Resolve<T1>()));

    public void Add<TIn, T1, T2, TOut>(string name, Func<TIn, T1, T2, Task<TOut>> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull =>
        AddFunction<TIn, TOut>(name, body, options, Injected<T1>.IsService || Injected<T2>.IsService,
            (scope, input) => body(input, scope.Resolve<T1>(), scope.Resolve<T2>()));

    public void Add<TIn, T1, T2, T3, TOut>(string name, Func<TIn, T1, T2, T3, Task<TOut>> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        AddFunction<TIn, TOut>(name, body, options, Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService,
            (scope, input) => body(input, scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>()));

    public void Add<TIn, T1, T2, T3, T4, TOut>(string name, Func<TIn, T1, T2, T3, T4, Task<TOut>> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull =>
        AddFunction<TIn, TOut>(name, body, options,
            Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService || Injected<T4>.IsService,
            (scope, input) => body(input, scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>(), scope.Resolve<T4>()));

    public void Add(string name, Func<Task> body, ActivityOptions? options = null) =>
        AddFunction<Unit, Unit>(name, body, options, needsServices: false, (_, _) => UnitTask.From(body()));

    public void Add(string name, Func<CancellationToken, Task> body, ActivityOptions? options = null) =>
        AddFunction<Unit, Unit>(name, body, options, needsServices: false, (scope, _) => UnitTask.From(body(scope.Token)));

    public void Add<TIn>(string name, Func<TIn, Task> body, ActivityOptions? options = null) =>
        AddFunction<TIn, Unit>(name, body, options, needsServices: false,
            (_, input) => UnitTask.From(body(input)));

    public void Add<TIn, T1>(string name, Func<TIn, T1, Task> body, ActivityOptions? options = null)
        where T1 : notnull =>
        AddFunction<TIn, Unit>(name, body, options, Injected<T1>.IsService,
            (scope, input) => UnitTask.From(body(input, scope.Resolve<T1>())));

    public void Add<TIn, T1, T2>(string name, Func<TIn, T1, T2, Task> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull =>
        AddFunction<TIn, Unit>(name, body, options, Injected<T1>.IsService || Injected<T2>.IsService,
            (scope, input) => UnitTask.From(body(input, scope.Resolve<T1>(), scope.Resolve<T2>())));

    public void Add<TIn, T1, T2, T3>(string name, Func<TIn, T1, T2, T3, Task> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        AddFunction<TIn, Unit>(name, body, options, Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService,
            (scope, input) => UnitTask.From(body(input, scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>())));

    public void Add<TIn, T1, T2, T3, T4>(string name, Func<TIn, T1, T2, T3, T4, Task> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull =>
        AddFunction<TIn, Unit>(name, body, options,
            Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService || Injected<T4>.IsService,
            (scope, input) =>
                UnitTask.From(body(input, scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>(), scope.Resolve<T4>())));

    private void AddFunction<TIn, TOut>(
        string name, Delegate code, ActivityOptions? options, bool needsServices, Func<AttemptScope, TIn, Task<TOut>> body)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (!ActivityMethod.IsArgument(typeof(TIn)))
        {
            throw new InvalidOptionException(name,
                $"The first parameter of the activity '{name}' is its input and cannot be {typeof(TIn).Name}; put the input first.",
                ErrorCodes.InvalidRegistration);
        }
        options?.Validate();
        Add(new FunctionActivityDescriptor<TIn, TOut>(
            name, options is null ? null : new ActivityDefaults(options), code.Method, needsServices, body));
    }
}
