using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Perdure.Authoring;
using Perdure.Schedules;
using Perdure.Storage;

namespace Perdure.Hosting;

/// <summary>What <c>AddPerdure</c> and the builder collect until the engine is built.</summary>
/// <param name="name">Name of the engine; null for the one without.</param>
internal sealed class PerdureSetup(string? name = null)
{
    private Func<IServiceProvider, IPerdureStore>? _store;
    private string? _storeName;

    public string? Name { get; } = name;

    /// <summary>The name under which its options are made.</summary>
    public string OptionsName => Name ?? Options.DefaultName;

    public WorkflowRegistry Workflows { get; } = new();

    public ActivityRegistry Activities { get; } = new();

    /// <summary>Schedules that the program registers, by name.</summary>
    public Dictionary<string, Func<WorkflowRegistry, PayloadCodec, ScheduleDefinition>> Schedules { get; } = new(StringComparer.Ordinal);

    /// <summary>Workflow classes whose schedules by attribute are among them.</summary>
    public HashSet<Type> ScheduledClasses { get; } = [];

    /// <summary>The program's schedules with their inputs written.</summary>
    public IReadOnlyList<ScheduleDefinition> ScheduleDefinitions(PayloadCodec codec) => [.. Schedules.Values.Select(schedule => schedule(Workflows, codec))];

    /// <summary>Whether this process takes work; a client alone does not.</summary>
    public bool HasWorker { get; set; }

    /// <summary>The setup of an engine; null if it has none yet.</summary>
    public static PerdureSetup? Find(IServiceCollection services, string? name)
    {
        foreach (var service in services)
            if (service.ServiceType == typeof(PerdureSetup) && Equals(service.ServiceKey, name))
                return (PerdureSetup?)(service.IsKeyedService ? service.KeyedImplementationInstance : service.ImplementationInstance);
        return null;
    }

    public static PerdureSetup Of(IPerdureBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return Find(builder.Services, builder.Name) ?? throw new InvalidOperationException("This builder's services have no engine. Begin with services.AddPerdure().");
    }

    /// <exception cref="InvalidOptionException">There is one already.</exception>
    public void UseStore(string name, Func<IServiceProvider, IPerdureStore> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        if (_store is not null)
            throw new InvalidOptionException("store", $"An engine has one store: {_storeName} is configured already, and {name} comes on top. Remove one.", ErrorCodes.DuplicateRegistration);
        (_storeName, _store) = (name, factory);
    }

    /// <exception cref="InvalidOptionException">There is none.</exception>
    public IPerdureStore CreateStore(IServiceProvider services)
    {
        CheckStore();
        return _store!(services) ?? throw new InvalidOptionException("store", "The factory given to UseStore returned null.");
    }

    /// <exception cref="InvalidOptionException">There is no store.</exception>
    public void CheckStore()
    {
        if (_store is null)
            throw new InvalidOptionException("store", "No store is configured. Add UseSqlite(\"Data Source=app.db\") behind AddPerdure(), or UseInMemory() if nothing has to survive the process.");
    }
}
