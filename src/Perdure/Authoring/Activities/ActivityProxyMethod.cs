using System.Reflection;

namespace Perdure.Authoring;

/// <summary>How a call of one interface method becomes an operation, with the result's type closed.</summary>
internal sealed class ActivityProxyMethod(
    ActivityMethod method, Func<WorkflowContext, ActivityCall, ActivityOptions?, SourceLine, Task> issue)
{
    public Task Issue(WorkflowContext context, object?[] parameters, ActivityOptions? options, SourceLine source) =>
        issue(context, CallOf(parameters), options, source);

    private ActivityCall CallOf(object?[] parameters)
    {
        ParameterInfo[] arguments = method.Arguments;
        if (arguments.Length == 0) return new ActivityCall(method.Name, null, null, method.Defaults);
        if (arguments.Length == 1)
            return new ActivityCall(method.Name, parameters[arguments[0].Position], method.ArgumentTypes[0], method.Defaults);

        var values = new object?[arguments.Length];
        for (int i = 0; i < values.Length; i++) values[i] = parameters[arguments[i].Position];
        return new ActivityCall(
            method.Name, new ActivityArguments(values, method.ArgumentTypes), typeof(ActivityArguments), method.Defaults);
    }
}
