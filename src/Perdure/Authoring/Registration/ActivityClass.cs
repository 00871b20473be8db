using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Authoring;

/// <summary>Describes the activities that a class serves.</summary>
internal static class ActivityClass
{
    public const DynamicallyAccessedMemberTypes NeededOfContract =
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.Interfaces;

    public const DynamicallyAccessedMemberTypes NeededOfImplementation =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods;

    /// <exception cref="InvalidOptionException">The class cannot serve the contract, or a method cannot be an activity.</exception>
    public static IEnumerable<ActivityDescriptor> Describe(
        [DynamicallyAccessedMembers(NeededOfContract)] Type contract,
        [DynamicallyAccessedMembers(NeededOfImplementation)] Type implementation)
    {
        if (!implementation.IsClass || implementation.IsAbstract || implementation.ContainsGenericParameters
            || !contract.IsAssignableFrom(implementation))
            throw Refuse(implementation, $"is no concrete class that serves {contract.Name}");
        if (implementation.GetConstructors().Length == 0) throw Refuse(implementation, "has no public constructor");
        if (contract.IsInterface) RefuseHiddenAttributes(contract, implementation);

        Func<IServiceProvider?, object> create = FactoryOf(implementation);
        return ActivityContract.Of(contract).Methods.Select(method => new MethodActivityDescriptor(method, contract, create));
    }

    // Callers see the interface only: an attribute on the class would be ignored by them, and so is refused.
    private static void RefuseHiddenAttributes(
        Type contract, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type implementation)
    {
        foreach (MethodInfo method in implementation.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
        {
            if (method.IsDefined(typeof(ActivityAttribute), inherit: false))
                throw Refuse(
                    implementation, $"marks {method.Name} with [Activity]; mark the method of {contract.Name}, which is what callers see");
        }
    }

    private static Func<IServiceProvider?, object> FactoryOf(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type)
    {
        if (type.GetConstructors() is [{ } only] && only.GetParameters().Length == 0) return _ => Activator.CreateInstance(type)!;
        return services => services is null
            ? throw Refuse(type, "has constructor parameters, but the engine was built without a service provider")
            : ActivatorUtilities.CreateInstance(services, type);
    }

    private static InvalidOptionException Refuse(Type type, string why) =>
        new(type.Name, $"The activity class {type.Name} {why}.", ErrorCodes.InvalidRegistration);
}
