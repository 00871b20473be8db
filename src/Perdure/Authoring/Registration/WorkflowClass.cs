using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Authoring;

/// <summary>Describes a workflow class: its attribute, its definition, how an instance is made.</summary>
internal static class WorkflowClass
{
    public const DynamicallyAccessedMemberTypes Needed = DynamicallyAccessedMemberTypes.PublicConstructors
        | DynamicallyAccessedMemberTypes.NonPublicConstructors | DynamicallyAccessedMemberTypes.PublicFields;

    /// <exception cref="InvalidOptionException">The class cannot be a workflow, or contradicts itself.</exception>
    [SuppressMessage("Usage", "CA1816", Justification = "The prototype's constructor never ran, so its finalizer must not run either.")]
    public static WorkflowDescriptor Describe([DynamicallyAccessedMembers(Needed)] Type type, WorkflowOptions? options)
    {
        if (type.IsAbstract || type.ContainsGenericParameters || !type.IsSubclassOf(typeof(Workflow)))
            throw Refuse(type, "must be a concrete class that derives from Workflow<TIn, TOut> or Workflow<TIn>");
        if (type.GetConstructors().Length == 0) throw Refuse(type, "has no public constructor");

        WorkflowAttribute attribute = type.GetCustomAttribute<WorkflowAttribute>() ?? new WorkflowAttribute();
        string name = attribute.Name ?? Names.OfWorkflow(type);
        var identity = new WorkflowIdentity(name, WorkflowIdentity.CheckVersion(attribute.Version), type);
        CheckDefinition(type, identity);

        // The class alone knows its input and output types. Its method is called on an instance that no constructor has touched, because
        // constructors may need services, which do not exist yet.
        var prototype = (Workflow)RuntimeHelpers.GetUninitializedObject(type);
        GC.SuppressFinalize(prototype);
        WorkflowOptions declared = attribute.ToOptions();
        return prototype.Describe(identity, options?.Over(declared) ?? declared, FactoryOf(type));
    }

    private static void CheckDefinition([DynamicallyAccessedMembers(Needed)] Type type, WorkflowIdentity identity)
    {
        FieldInfo? field = type.GetField("Definition", BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
        if (field?.GetValue(null) is not IWorkflowDefinition definition) return;
        if (definition.Name != identity.Name || definition.Version != identity.Version)
        {
            throw Refuse(type, $"is {WorkflowIdentity.Format(identity.Name, identity.Version)} by its attribute, "
                + $"but {WorkflowIdentity.Format(definition.Name, definition.Version)} by its Definition");
        }
    }

    private static Func<IServiceProvider?, Workflow> FactoryOf([DynamicallyAccessedMembers(Needed)] Type type)
    {
        ConstructorInfo[] constructors = type.GetConstructors();
        if (constructors is [{ } only] && only.GetParameters().Length == 0) return _ => (Workflow)Activator.CreateInstance(type)!;
        return services => services is null
            ? throw Refuse(type, "has constructor parameters, but the engine was built without a service provider")
            : (Workflow)ActivatorUtilities.CreateInstance(services, type);
    }

    private static InvalidOptionException Refuse(Type type, string why) =>
        new(type.Name, $"The workflow class {type.Name} {why}.", ErrorCodes.InvalidRegistration);
}
