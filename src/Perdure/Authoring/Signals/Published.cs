using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// A named value that a run publishes and anyone may read: shared by the workflow and its readers. Immutable and thread-safe.
/// </summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class Published<T>
{
    /// <param name="name">The value's name, 1 to 255 characters, case-sensitive.</param>
    /// <exception cref="InvalidOptionException">The name breaks the rule for names.</exception>
    public Published(string name)
    {
        Names.Validate(NameKind.State, name);
        Name = name;
    }

    /// <summary>The value's name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
