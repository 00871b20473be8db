using System.Diagnostics.CodeAnalysis;

namespace Perdure.Authoring;

/// <summary>The activities that this process can run. Filled while the host is built, then only read.</summary>
internal sealed partial class ActivityRegistry
{
    private readonly Dictionary<string, ActivityDescriptor> _activities = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, Type> _implementations = [];

    public IReadOnlyCollection<ActivityDescriptor> All => _activities.Values;

    /// <summary>Which class serves which activity interface (or itself): what dependency injection should know.</summary>
    public IReadOnlyDictionary<Type, Type> Implementations => _implementations;

    public ActivityDescriptor? Find(string name) => _activities.GetValueOrDefault(name);

    /// <exception cref="UnknownActivityException">There is none; the message names the nearest.</exception>
    public ActivityDescriptor Get(string name) => Find(name) ?? throw Unknown(name);

    /// <summary>All names, in order.</summary>
    public IReadOnlyList<string> AllNames => [.. _activities.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The error for a name that nobody registers.</summary>
    public UnknownActivityException Unknown(string name) => new(name, _activities.Count == 0
        ? "none is."
        : NearestName.Hint(name, [.. _activities.Keys.Order(StringComparer.Ordinal)]));

    /// <exception cref="InvalidOptionException">Other code has this name.</exception>
    public void Add(ActivityDescriptor activity)
    {
        Names.Validate(NameKind.Activity, activity.Name);
        if (_activities.TryAdd(activity.Name, activity)) return;
        ActivityDescriptor existing = _activities[activity.Name];
        if (existing.Code.Equals(activity.Code)) return;
        throw new InvalidOptionException(activity.Name,
            $"The activity '{activity.Name}' is registered twice, with different code: {existing.Code} and {activity.Code}. Rename one.",
            ErrorCodes.DuplicateRegistration);
    }

    /// <summary>Registers all methods of an interface, served by a class.</summary>
    public void AddAll<
        [DynamicallyAccessedMembers(ActivityClass.NeededOfContract)] TInterface,
        [DynamicallyAccessedMembers(ActivityClass.NeededOfImplementation)] TImplementation>()
        where TInterface : class
        where TImplementation : class, TInterface =>
        AddContract(typeof(TInterface), typeof(TImplementation));

    /// <summary>Registers the methods of a class that are marked with <see cref="ActivityAttribute"/>.</summary>
    public void AddAll<[DynamicallyAccessedMembers(ActivityClass.NeededOfContract | ActivityClass.NeededOfImplementation)] TClass>()
        where TClass : class =>
        AddContract(typeof(TClass), typeof(TClass));

    /// <summary>Registers the activities of a contract, served by a class.</summary>
    /// <exception cref="InvalidOptionException">A method cannot be an activity, or other code has its name.</exception>
    public void AddContract(
        [DynamicallyAccessedMembers(ActivityClass.NeededOfContract)] Type contract,
        [DynamicallyAccessedMembers(ActivityClass.NeededOfImplementation)] Type implementation)
    {
        foreach (ActivityDescriptor activity in ActivityClass.Describe(contract, implementation)) Add(activity);
        if (_implementations.TryAdd(contract, implementation) || _implementations[contract] == implementation) return;
        throw new InvalidOptionException(contract.Name,
            $"{contract.Name} is served by {_implementations[contract].Name} and by {implementation.Name}; register one of them.",
            ErrorCodes.DuplicateRegistration);
    }
}
