using Perdure.Authoring;

namespace Perdure;

/// <summary>An activity's name and types, shared by the workflow that calls it and the code that registers it. Immutable.</summary>
/// <typeparam name="TIn">The input's type.</typeparam>
/// <typeparam name="TOut">The result's type; <see cref="Unit"/> for none.</typeparam>
public sealed class ActivityDefinition<TIn, TOut>
{
    private readonly ActivityDefaults? _defaults;

    /// <param name="name">The name under which the activity is registered.</param>
    /// <param name="options">Defaults for calls through this definition; options of a call win over them.</param>
    /// <exception cref="InvalidOptionException">The name or an option breaks a rule.</exception>
    public ActivityDefinition(string name, ActivityOptions? options = null)
    {
        Names.Validate(NameKind.Activity, name);
        options?.Validate();
        Name = name;
        Options = options;
        _defaults = options is null ? null : new ActivityDefaults(options);
    }

    /// <summary>The name under which the activity is registered.</summary>
    public string Name { get; }

    /// <summary>Defaults for calls through this definition; null when there are none.</summary>
    public ActivityOptions? Options { get; }

    internal ActivityCall Call(TIn input) => new(Name, input, typeof(TIn), _defaults);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
