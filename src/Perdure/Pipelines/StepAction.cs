using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>The code of a step, with its services still to be filled.</summary>
/// <param name="Code">The author's function, by which it is told apart.</param>
/// <param name="NeedsServices">Whether an attempt needs a scope of services.</param>
/// <param name="Run">Runs it.</param>
internal sealed record StepAction<TInput>(Delegate Code, bool NeedsServices, Func<PipelineContext<TInput>, AttemptScope, Task> Run)
{
    public static StepAction<TInput> Of(Action<PipelineContext<TInput>> body) => new(Checked(body), false, (context, _) =>
    {
        body(context);
        return Task.CompletedTask;
    });

    public static StepAction<TInput> Of(Func<PipelineContext<TInput>, Task> body) => new(Checked(body), false, (context, _) => body(context));

    public static StepAction<TInput> Of<T1>(Func<PipelineContext<TInput>, T1, Task> body) where T1 : notnull =>
        new(Checked(body), Injected<T1>.IsService, (context, scope) => body(context, scope.Resolve<T1>()));

    public static StepAction<TInput> Of<T1, T2>(Func<PipelineContext<TInput>, T1, T2, Task> body) where T1 : notnull where T2 : notnull =>
        new(Checked(body), Injected<T1>.IsService || Injected<T2>.IsService, (context, scope) => body(context, scope.Resolve<T1>(), scope.Resolve<T2>()));

    public static StepAction<TInput> Of<T1, T2, T3>(Func<PipelineContext<TInput>, T1, T2, T3, Task> body) where T1 : notnull where T2 : notnull where T3 : notnull =>
        new(Checked(body), Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService,
            (context, scope) => body(context, scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>()));

    public static StepAction<TInput> Returning<TResult>(Func<PipelineContext<TInput>, Task<TResult>> body) =>
        new(Checked(body), false, (context, _) => TakeAsync(context, body(context)));

    public static StepAction<TInput> Returning<T1, TResult>(Func<PipelineContext<TInput>, T1, Task<TResult>> body) where T1 : notnull =>
        new(Checked(body), Injected<T1>.IsService, (context, scope) => TakeAsync(context, body(context, scope.Resolve<T1>())));

    public static StepAction<TInput> Returning<T1, T2, TResult>(Func<PipelineContext<TInput>, T1, T2, Task<TResult>> body) where T1 : notnull where T2 : notnull =>
        new(Checked(body), Injected<T1>.IsService || Injected<T2>.IsService, (context, scope) => TakeAsync(context, body(context, scope.Resolve<T1>(), scope.Resolve<T2>())));

    public static StepAction<TInput> Returning<T1, T2, T3, TResult>(Func<PipelineContext<TInput>, T1, T2, T3, Task<TResult>> body)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        new(Checked(body), Injected<T1>.IsService || Injected<T2>.IsService || Injected<T3>.IsService,
            (context, scope) => TakeAsync(context, body(context, scope.Resolve<T1>(), scope.Resolve<T2>(), scope.Resolve<T3>())));

    public static StepAction<TInput> Mapping<TResult>(Func<RunDataView, Task<TResult>> body) =>
        new(Checked(body), false, (context, _) => TakeAsync(context, body(context.Data.Snapshot())));

    public static StepAction<TInput> Mapping<T1, TResult>(Func<RunDataView, T1, Task<TResult>> body) where T1 : notnull =>
        new(Checked(body), Injected<T1>.IsService, (context, scope) => TakeAsync(context, body(context.Data.Snapshot(), scope.Resolve<T1>())));

    /// <summary>What a body returns counts behind what it has put: an object by its members, anything else under the step's name.</summary>
    private static async Task TakeAsync<TResult>(PipelineContext<TInput> context, Task<TResult> body)
    {
        var result = await body;
        if (result is null) return;
        var json = context.Data.Codec.Serialize(result);
        if (JsonBytes.KindOf(json) == JsonTokenType.StartObject) context.Data.Put(JsonBytes.Element(json));
        else context.Data.Put(context.CurrentStep, JsonBytes.Element(json));
    }

    private static Delegate Checked(Delegate body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return body;
    }
}
