namespace Perdure;

/// <summary>What a field of a form holds.</summary>
public enum InputFieldType
{
    /// <summary>Text; <see cref="InputField.Min"/> and <see cref="InputField.Max"/> are its length.</summary>
    Text,
    /// <summary>A number.</summary>
    Number,
    /// <summary>True or false.</summary>
    Bool,
    /// <summary>A date as <c>2026-12-31</c>.</summary>
    Date,
    /// <summary>One of <see cref="InputField.Choices"/>.</summary>
    Choice,
}

/// <summary>A field of a form. Immutable.</summary>
/// <param name="Name">Its name in the answer.</param>
/// <param name="Type">What it holds.</param>
public sealed record InputField(string Name, InputFieldType Type = InputFieldType.Text)
{
    /// <summary>Whether it must be filled in.</summary>
    /// <value>Default: true.</value>
    public bool Required { get; init; } = true;

    /// <summary>The smallest number, or the shortest text.</summary>
    /// <value>Default: no bound.</value>
    public decimal? Min { get; init; }

    /// <summary>The largest number, or the longest text.</summary>
    /// <value>Default: no bound.</value>
    public decimal? Max { get; init; }

    /// <summary>A regular expression that the whole text must match.</summary>
    /// <value>Default: none.</value>
    public string? Pattern { get; init; }

    /// <summary>What may be chosen.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>What people are shown instead of the name.</summary>
    /// <value>Default: the name.</value>
    public string? Label { get; init; }
}
