using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>Calls an activity, which any worker that serves its queue may run.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="activity">The activity.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Options of this call; they win over those of the definition.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="ActivityFailedException">Every attempt failed, or the failure was not retryable.</exception>
    /// <exception cref="ActivityTimeoutException">One of the activity's four clocks ended it.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<TOut> ActivityAsync<TIn, TOut>(
        ActivityDefinition<TIn, TOut> activity, TIn input, ActivityOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(activity);
        options?.Validate();
        return IssueActivityAsync<TOut>(activity.Call(input), options, new SourceLine(file, line));
    }

    /// <summary>Calls an activity by name.</summary>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="name">The activity's name.</param>
    /// <param name="input">Its input; for an activity with several parameters an array of them.</param>
    /// <param name="options">Options of this call; they win over those of the registration.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InputValidationException">
    /// The input cannot be written as JSON, or does not fit the activity that this worker has under the name. Nothing was scheduled.
    /// </exception>
    /// <inheritdoc cref="ActivityAsync{TIn, TOut}" path="/exception"/>
    public Task<TOut> ActivityAsync<TOut>(
        string name, object? input = null, ActivityOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Names.Validate(NameKind.Activity, name);
        options?.Validate();
        return IssueActivityAsync<TOut>(new ActivityCall(name, input, input?.GetType(), null, IsByName: true), options, new SourceLine(file, line));
    }

    /// <summary>Calls activities through the interface that declares them.</summary>
    /// <typeparam name="TActivities">
    /// The interface. Its methods return <see cref="Task"/> or <c>Task&lt;T&gt;</c>; <see cref="System.Threading.CancellationToken"/> and
    /// <see cref="StepInfo"/> parameters are filled where the activity runs, whatever is passed here.
    /// </typeparam>
    /// <param name="options">Options of the calls; they win over those of <see cref="ActivityAttribute"/>.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The type is no interface, or a method has a shape that an activity cannot have.</exception>
    public TActivities Activities<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TActivities>(
        ActivityOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TActivities : class
    {
        options?.Validate();
        return ActivityProxies.Create<TActivities>(this, options, new SourceLine(file, line));
    }

    /// <summary>Starts an activity without waiting for it.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="activity">The activity.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Options of this call; they win over those of the definition.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>A handle to await or to cancel.</returns>
    public ActivityHandle<TOut> StartActivity<TIn, TOut>(
        ActivityDefinition<TIn, TOut> activity, TIn input, ActivityOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        new(this, ActivityAsync(activity, input, options, file, line), activity.Name);

    /// <summary>Starts an activity by name, without waiting for it.</summary>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="name">The activity's name.</param>
    /// <param name="input">Its input; for an activity with several parameters an array of them.</param>
    /// <param name="options">Options of this call; they win over those of the registration.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>A handle to await or to cancel.</returns>
    public ActivityHandle<TOut> StartActivity<TOut>(
        string name, object? input = null, ActivityOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        new(this, ActivityAsync<TOut>(name, input, options, file, line), name);
}
