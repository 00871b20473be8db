using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Pipelines;

namespace Perdure.Cli.Hosting;

/// <summary>An assembly with workflows, as a worker hosts it.</summary>
internal sealed class WorkflowAssembly
{
    private readonly Assembly _assembly;
    private readonly List<IPerdureModule> _modules = [];

    private WorkflowAssembly(string path, Assembly assembly)
    {
        Path = path;
        _assembly = assembly;
    }

    /// <summary>Where it was loaded from.</summary>
    public string Path { get; }

    /// <exception cref="UsageException">The file cannot be loaded, or has nothing to host.</exception>
    public static WorkflowAssembly Load(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (!File.Exists(full)) throw new UsageException($"--assembly: there is no file '{path}'.");
        try
        {
            var loaded = new WorkflowAssembly(full, new AppLoadContext(full).LoadFromAssemblyPath(full));
            loaded.Inspect();
            return loaded;
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException or FileNotFoundException or ReflectionTypeLoadException)
        {
            throw new UsageException($"--assembly: '{path}' cannot be loaded: {error.Message}", error);
        }
    }

    /// <summary>Registers what it has: by its modules first, whose options then count, and the rest by its attributes.</summary>
    public void Register(IPerdureBuilder builder)
    {
        foreach (var module in _modules) module.Configure(builder);
        builder.AddWorkflowsFromAssembly(_assembly);
    }

    /// <summary>The pipeline of a name, among the static members of its types; null if there is none.</summary>
    public PipelineDefinition? FindPipeline(string name)
    {
        const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var type in _assembly.GetTypes())
        {
            if (type.ContainsGenericParameters) continue;
            foreach (var field in type.GetFields(Statics))
                if (field.FieldType.IsAssignableTo(typeof(PipelineDefinition)) && field.GetValue(null) is PipelineDefinition found && found.Name == name) return found;
            foreach (var property in type.GetProperties(Statics))
                if (property.PropertyType.IsAssignableTo(typeof(PipelineDefinition)) && property.GetValue(null) is PipelineDefinition found && found.Name == name) return found;
        }
        return null;
    }

    private void Inspect()
    {
        var hasAny = false;
        foreach (var type in _assembly.GetTypes())
        {
            hasAny |= type.IsDefined(typeof(WorkflowAttribute), inherit: false) || type.GetMethods().Any(static method => method.IsDefined(typeof(ActivityAttribute), inherit: false));
            if (type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IPerdureModule))) _modules.Add(Create(type));
        }
        if (!hasAny && _modules.Count == 0)
            throw new UsageException($"--assembly: '{Path}' has no class with [Workflow], no method with [Activity] and no {nameof(IPerdureModule)}.");
    }

    private static IPerdureModule Create(Type type)
    {
        try
        {
            return (IPerdureModule)Activator.CreateInstance(type, nonPublic: true)!;
        }
        catch (MissingMethodException error)
        {
            throw new UsageException($"--assembly: {type.Name} needs a constructor without parameters: it is made before there are services.", error);
        }
    }
}
