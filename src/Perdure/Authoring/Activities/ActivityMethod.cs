using System.Reflection;

namespace Perdure.Authoring;

/// <summary>A method as an activity: its name, its defaults, and which of its parameters are input.</summary>
internal sealed class ActivityMethod
{
    private readonly ParameterInfo[] _parameters;

    private ActivityMethod(MethodInfo method, string name, ActivityDefaults? defaults)
    {
        Method = method;
        Name = name;
        Defaults = defaults;
        _parameters = method.GetParameters();
        Arguments = Array.FindAll(_parameters, static parameter => IsArgument(parameter.ParameterType));
        ArgumentTypes = Array.ConvertAll(Arguments, static parameter => parameter.ParameterType);
        ResultType = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(Unit);
    }

    public MethodInfo Method { get; }

    public string Name { get; }

    public ActivityDefaults? Defaults { get; }

    /// <summary>The parameters that the caller fills.</summary>
    public ParameterInfo[] Arguments { get; }

    public Type[] ArgumentTypes { get; }

    /// <summary><see cref="Unit"/> when the method returns a plain task.</summary>
    public Type ResultType { get; }

    public int ParameterCount => _parameters.Length;

    public Type ParameterType(int index) => _parameters[index].ParameterType;

    /// <summary>Whether the caller fills a parameter of this type, rather than the attempt.</summary>
    public static bool IsArgument(Type type) => type != typeof(CancellationToken) && type != typeof(StepInfo);

    /// <exception cref="InvalidOptionException">The method has a shape that an activity cannot have.</exception>
    public static ActivityMethod From(MethodInfo method)
    {
        ActivityAttribute? attribute = method.GetCustomAttribute<ActivityAttribute>();
        string name = attribute?.Name ?? Names.OfActivity(method.Name);
        Names.Validate(NameKind.Activity, name);
        if (method.IsGenericMethodDefinition) throw Refuse(method, "is generic; give each type its own method");
        if (method.IsStatic) throw Refuse(method, "is static; register it as a function with AddActivity");
        if (method.ReturnType != typeof(Task)
            && !(method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)))
            throw Refuse(method, "does not return Task or Task<T>");
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef || parameter.ParameterType.IsPointer || parameter.ParameterType.IsByRefLike)
                throw Refuse(method, $"has the parameter '{parameter.Name}', which is passed by reference");
        }
        return new ActivityMethod(method, name, attribute is null ? null : new ActivityDefaults(attribute.ToOptions()));
    }

    private static InvalidOptionException Refuse(MethodInfo method, string why) => new(
        "[Activity]", $"{method.DeclaringType?.Name}.{method.Name} cannot be an activity: it {why}.", ErrorCodes.InvalidRegistration);
}
