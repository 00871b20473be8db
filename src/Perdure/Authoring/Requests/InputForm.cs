using System.Text.RegularExpressions;

namespace Perdure;

/// <summary>What kind of answer a question asks for.</summary>
public enum InputKind
{
    /// <summary>Yes or no: <c>true</c> or <c>false</c>.</summary>
    Approval,
    /// <summary>One of the choices.</summary>
    Choice,
    /// <summary>Any of the choices, each once.</summary>
    Choices,
    /// <summary>A text.</summary>
    Text,
    /// <summary>An object with the fields.</summary>
    Form,
}

/// <summary>A question to people: what is asked, and what an answer must look like. Immutable.</summary>
public sealed record InputForm
{
    private InputForm(InputKind kind, string prompt) => (Kind, Prompt) = (kind, prompt);

    /// <summary>What kind of answer is asked for.</summary>
    public InputKind Kind { get; }

    /// <summary>The question, as people see it.</summary>
    public string Prompt { get; }

    /// <summary>What may be chosen; empty unless something is to be chosen.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>The fields of a form; empty for everything else.</summary>
    public IReadOnlyList<InputField> Fields { get; private init; } = [];

    /// <summary>Yes or no.</summary>
    /// <param name="prompt">The question.</param>
    public static InputForm Approval(string prompt) => new(InputKind.Approval, Check(prompt));

    /// <summary>One of several choices.</summary>
    /// <param name="prompt">The question.</param>
    /// <param name="choices">The choices, at least one, each once.</param>
    /// <exception cref="InvalidOptionException">There is no choice, or one is there twice.</exception>
    public static InputForm Choice(string prompt, IReadOnlyList<string> choices) => new(InputKind.Choice, Check(prompt)) { Choices = Distinct(nameof(choices), choices) };

    /// <summary>Any number of several choices.</summary>
    /// <param name="prompt">The question.</param>
    /// <param name="choices">The choices, at least one, each once.</param>
    /// <exception cref="InvalidOptionException">There is no choice, or one is there twice.</exception>
    public static InputForm ManyChoices(string prompt, IReadOnlyList<string> choices) => new(InputKind.Choices, Check(prompt)) { Choices = Distinct(nameof(choices), choices) };

    /// <summary>A text.</summary>
    /// <param name="prompt">The question.</param>
    public static InputForm Text(string prompt) => new(InputKind.Text, Check(prompt));

    /// <summary>A form.</summary>
    /// <param name="prompt">The question.</param>
    /// <param name="fields">The fields, at least one, each name once.</param>
    /// <exception cref="InvalidOptionException">A field breaks a rule.</exception>
    public static InputForm Form(string prompt, IReadOnlyList<InputField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Distinct(nameof(fields), [.. fields.Select(static field => field.Name)]);
        foreach (var field in fields)
        {
            if (field.Type == InputFieldType.Choice) Distinct(field.Name, field.Choices ?? []);
            if (field.Min > field.Max) throw new InvalidOptionException(field.Name, $"The field '{field.Name}' has a minimum above its maximum.");
            CheckPattern(field);
        }
        return new InputForm(InputKind.Form, Check(prompt)) { Fields = [.. fields] };
    }

    private static string Check(string prompt)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(prompt);
        return prompt;
    }

    private static string[] Distinct(string option, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0) throw new InvalidOptionException(option, $"'{option}' needs at least one entry.");
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count) throw new InvalidOptionException(option, $"'{option}' has an entry twice.");
        return [.. names];
    }

    private static void CheckPattern(InputField field)
    {
        if (field.Pattern is null) return;
        try
        {
            _ = new Regex(field.Pattern, RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new InvalidOptionException(field.Name, $"The pattern of the field '{field.Name}' cannot be used: {e.Message}");
        }
    }
}
