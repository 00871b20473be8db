using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Perdure.Authoring;

/// <summary>
/// Makes the objects behind <see cref="WorkflowContext.Activities{TActivities}"/>. This is the one place where calling an activity needs
/// code generated at run time; where that is not allowed, it says what to use instead.
/// </summary>
internal static class ActivityProxies
{
    /// <summary>What reflection has found, once per interface.</summary>
    private static readonly ConcurrentDictionary<Type, IReadOnlyDictionary<MethodInfo, ActivityProxyMethod>> Contracts = new();

    public static TActivities Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TActivities>(
        WorkflowContext context, ActivityOptions? options, SourceLine source)
        where TActivities : class
    {
        if (!typeof(TActivities).IsInterface)
        {
            throw new InvalidOptionException(typeof(TActivities).Name,
                $"Activities<{typeof(TActivities).Name}>() needs an interface; call a class's activities by definition or by name.",
                ErrorCodes.InvalidRegistration);
        }
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new InvalidOptionException(typeof(TActivities).Name,
                "Activities<T>() generates code at run time, which this process does not allow; call ActivityAsync with an ActivityDefinition.",
                ErrorCodes.DynamicCodeUnavailable);
        }
        if (!Contracts.TryGetValue(typeof(TActivities), out IReadOnlyDictionary<MethodInfo, ActivityProxyMethod>? methods))
            methods = Contracts.GetOrAdd(typeof(TActivities), Close(ActivityContract.Of(typeof(TActivities))));

        TActivities proxy = DispatchProxy.Create<TActivities, ActivityProxy>();
        ((ActivityProxy)(object)proxy).Bind(context, options, source, methods);
        return proxy;
    }

    [RequiresDynamicCode("Closes a generic method over the result types of an interface.")]
    private static Dictionary<MethodInfo, ActivityProxyMethod> Close(ActivityContract contract)
    {
        MethodInfo issue = typeof(ActivityProxies).GetMethod(nameof(IssueAsync), BindingFlags.NonPublic | BindingFlags.Static)!;
        var methods = new Dictionary<MethodInfo, ActivityProxyMethod>(contract.Methods.Count);
        foreach (ActivityMethod method in contract.Methods)
        {
            var closed = issue.MakeGenericMethod(method.ResultType)
                .CreateDelegate<Func<WorkflowContext, ActivityCall, ActivityOptions?, SourceLine, Task>>();
            methods.Add(method.Method, new ActivityProxyMethod(method, closed));
        }
        return methods;
    }

    private static Task<TOut> IssueAsync<TOut>(WorkflowContext context, ActivityCall call, ActivityOptions? options, SourceLine source) =>
        context.CallActivityAsync<TOut>(call, options, source);
}
