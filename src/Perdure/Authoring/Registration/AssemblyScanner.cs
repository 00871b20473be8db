using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Perdure.Authoring;

/// <summary>Finds workflows and activities by their attributes.</summary>
internal static class AssemblyScanner
{
    /// <summary>Registers every marked class of an assembly, public or not.</summary>
    /// <returns>The workflow classes.</returns>
    /// <exception cref="InvalidOptionException">A type cannot be loaded or registered; nothing is left out silently.</exception>
    [RequiresUnreferencedCode("Finds types by reflection; register workflows one by one in trimmed programs.")]
    public static IReadOnlyList<Type> Register(Assembly assembly, WorkflowRegistry workflows, ActivityRegistry activities)
    {
        Type[] types = TypesOf(assembly);
        List<Type> found = [];
        foreach (Type type in types)
        {
            if (type.IsDefined(typeof(WorkflowAttribute), inherit: false))
            {
                workflows.Add(WorkflowClass.Describe(type, options: null));
                found.Add(type);
            }
            if (!HasActivities(type)) continue;
            if (!type.IsInterface) activities.AddContract(type, type);
            else if (ImplementationOf(type, types) is { } implementation) activities.AddContract(type, implementation);
        }
        return found;
    }

    [RequiresUnreferencedCode("Finds types by reflection.")]
    private static Type[] TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error)
        {
            string causes = string.Join("; ", error.LoaderExceptions.Select(static cause => cause?.Message).Distinct().Take(3));
            throw new InvalidOptionException(assembly.GetName().Name ?? "assembly",
                $"The assembly {assembly.GetName().Name} contains types that cannot be loaded: {SafeText.Shorten(causes, 1000)}",
                ErrorCodes.UnloadableType, error);
        }
    }

    [RequiresUnreferencedCode("Looks at methods by reflection.")]
    private static bool HasActivities(Type type)
    {
        const BindingFlags declared =
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (MethodInfo method in type.GetMethods(declared))
        {
            if (!method.IsDefined(typeof(ActivityAttribute), inherit: false)) continue;
            if (method.IsPublic) return true;
            throw new InvalidOptionException(
                "[Activity]", $"{type.Name}.{method.Name} cannot be an activity: it is not public.", ErrorCodes.InvalidRegistration);
        }
        return false;
    }

    /// <summary>The one class that serves an interface; null when another assembly has it.</summary>
    private static Type? ImplementationOf(Type contract, Type[] types)
    {
        Type? found = null;
        foreach (Type type in types)
        {
            if (!type.IsClass || type.IsAbstract || type.ContainsGenericParameters || !contract.IsAssignableFrom(type)) continue;
            if (found is not null)
            {
                throw new InvalidOptionException(contract.Name,
                    $"{contract.Name} is served by {found.Name} and by {type.Name}: say which with AddActivities<{contract.Name}, …>().",
                    ErrorCodes.InvalidRegistration);
            }
            found = type;
        }
        return found;
    }
}
