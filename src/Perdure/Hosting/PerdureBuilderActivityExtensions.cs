using System.Diagnostics.CodeAnalysis;
using Perdure;
using Perdure.Authoring;
using Perdure.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Registers activities. The same code registered twice is no error; other code under a name that is taken is.
/// </summary>
/// <remarks>
/// A function's first parameter is its input, unless it is a <see cref="CancellationToken"/> alone. The others are filled by their type: the attempt's token, its
/// <see cref="StepInfo"/>, or a service from the attempt's scope.
/// </remarks>
public static class PerdureBuilderActivityExtensions
{
    /// <summary>Registers all methods of an interface as activities, served by a class.</summary>
    /// <typeparam name="TInterface">The interface that workflows call.</typeparam>
    /// <typeparam name="TImplementation">The class; its constructor's parameters are services. A new instance serves each attempt.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <exception cref="InvalidOptionException">A method cannot be an activity, or its name is taken.</exception>
    public static IPerdureBuilder AddActivities<
        [DynamicallyAccessedMembers(ActivityClass.NeededOfContract)] TInterface,
        [DynamicallyAccessedMembers(ActivityClass.NeededOfImplementation)] TImplementation>(this IPerdureBuilder builder)
        where TInterface : class
        where TImplementation : class, TInterface
    {
        PerdureSetup.Of(builder).Activities.AddAll<TInterface, TImplementation>();
        ActivityServices.Add(builder.Services, typeof(TInterface), typeof(TImplementation));
        return builder;
    }

    /// <summary>Registers the methods of a class that are marked <c>[Activity]</c>.</summary>
    /// <typeparam name="TClass">The class; its constructor's parameters are services. A new instance serves each attempt.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <exception cref="InvalidOptionException">A method cannot be an activity, or its name is taken.</exception>
    public static IPerdureBuilder AddActivities<
        [DynamicallyAccessedMembers(ActivityClass.NeededOfContract | ActivityClass.NeededOfImplementation)] TClass>(this IPerdureBuilder builder)
        where TClass : class
    {
        PerdureSetup.Of(builder).Activities.AddAll<TClass>();
        ActivityServices.Add(builder.Services, typeof(TClass), typeof(TClass));
        return builder;
    }

    /// <summary>Registers a function as an activity.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The activity's name.</param>
    /// <param name="body">The activity's code.</param>
    /// <param name="options">Defaults for calls; options of a call win over them.</param>
    /// <exception cref="InvalidOptionException">The name breaks its rule or is taken, or an option breaks a rule.</exception>
    public static IPerdureBuilder AddActivity<TOut>(this IPerdureBuilder builder, string name, Func<Task<TOut>> body, ActivityOptions? options = null)
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TOut>(this IPerdureBuilder builder, string name, Func<CancellationToken, Task<TOut>> body, ActivityOptions? options = null)
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TIn, TOut>(this IPerdureBuilder builder, string name, Func<TIn, Task<TOut>> body, ActivityOptions? options = null)
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TIn, T1, TOut>(this IPerdureBuilder builder, string name, Func<TIn, T1, Task<TOut>> body, ActivityOptions? options = null)
        where T1 : notnull
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TIn, T1, T2, TOut>(this IPerdureBuilder builder, string name, Func<TIn, T1, T2, Task<TOut>> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TIn, T1, T2, T3, TOut>(this IPerdureBuilder builder, string name, Func<TIn, T1, T2, T3, Task<TOut>> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull where T3 : notnull
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TIn, T1, T2, T3, T4, TOut>(this IPerdureBuilder builder, string name, Func<TIn, T1, T2, T3, T4, Task<TOut>> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity(this IPerdureBuilder builder, string name, Func<Task> body, ActivityOptions? options = null)
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity(this IPerdureBuilder builder, string name, Func<CancellationToken, Task> body, ActivityOptions? options = null)
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TIn>(this IPerdureBuilder builder, string name, Func<TIn, Task> body, ActivityOptions? options = null)
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TIn, T1>(this IPerdureBuilder builder, string name, Func<TIn, T1, Task> body, ActivityOptions? options = null)
        where T1 : notnull
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TIn, T1, T2>(this IPerdureBuilder builder, string name, Func<TIn, T1, T2, Task> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TIn, T1, T2, T3>(this IPerdureBuilder builder, string name, Func<TIn, T1, T2, T3, Task> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull where T3 : notnull
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }

    /// <inheritdoc cref="AddActivity{TOut}(IPerdureBuilder, string, Func{Task{TOut}}, ActivityOptions?)"/>
    public static IPerdureBuilder AddActivity<TIn, T1, T2, T3, T4>(this IPerdureBuilder builder, string name, Func<TIn, T1, T2, T3, T4, Task> body, ActivityOptions? options = null)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull
    {
        PerdureSetup.Of(builder).Activities.Add(name, body, options);
        return builder;
    }
}
