using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Perdure.Authoring;

/// <summary>The activities that an interface or a class declares.</summary>
internal sealed class ActivityContract
{
    private const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.Interfaces;

    private ActivityContract(IReadOnlyList<ActivityMethod> methods) => Methods = methods;

    public IReadOnlyList<ActivityMethod> Methods { get; }

    /// <summary>
    /// All methods of an interface, those that it inherits included; of a class those marked with <see cref="ActivityAttribute"/>.
    /// </summary>
    /// <exception cref="InvalidOptionException">A method cannot be an activity, two have one name, or there is none.</exception>
    public static ActivityContract Of([DynamicallyAccessedMembers(Needed)] Type type)
    {
        var methods = new List<ActivityMethod>();
        Collect(type, type.GetMethods(BindingFlags.Instance | BindingFlags.Public), methods);
        if (type.IsInterface) CollectInherited(type, methods);
        if (methods.Count == 0)
        {
            throw new InvalidOptionException(type.Name,
                type.IsInterface ? $"{type.Name} declares no method." : $"No public method of {type.Name} is marked [Activity].",
                ErrorCodes.InvalidRegistration);
        }
        return new ActivityContract(methods);
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2075", Justification = "The interfaces of a type that is kept with its interfaces are kept with their methods.")]
    [UnconditionalSuppressMessage(
        "Trimming", "IL2070", Justification = "The interfaces of a type that is kept with its interfaces are kept with their methods.")]
    private static void CollectInherited(Type type, List<ActivityMethod> methods)
    {
        foreach (Type inherited in type.GetInterfaces())
            Collect(type, inherited.GetMethods(BindingFlags.Instance | BindingFlags.Public), methods);
    }

    private static void Collect(Type type, MethodInfo[] found, List<ActivityMethod> methods)
    {
        foreach (MethodInfo method in found)
        {
            if (!type.IsInterface && !method.IsDefined(typeof(ActivityAttribute), inherit: false)) continue;
            ActivityMethod activity = ActivityMethod.From(method);
            foreach (ActivityMethod other in methods)
            {
                if (other.Name == activity.Name)
                {
                    throw new InvalidOptionException(type.Name,
                        $"Two methods of {type.Name} are the activity '{activity.Name}': name one of them with [Activity(\"…\")].",
                        ErrorCodes.DuplicateRegistration);
                }
            }
            methods.Add(activity);
        }
    }
}
