using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Perdure.Formats;

namespace Perdure.Client;

/// <summary>Whether an answer is what a request asks for. What does not fit is named by its path, and nothing is stored.</summary>
internal sealed class AnswerCheck
{
    private const int LongestText = 1_000_000;
    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, string> _errors = new(StringComparer.Ordinal);

    /// <exception cref="InputValidationException">It is not; the errors say where.</exception>
    public static void Check(RequestDescription asked, JsonElement answer, string name)
    {
        var check = new AnswerCheck();
        if (asked.Kind is { } kind) check.CheckInput(kind, asked, answer);
        else if (asked.Shape is { } shape) check.CheckShape(shape, answer, "$");
        if (check._errors.Count == 0) return;
        var first = check._errors.First();
        throw new InputValidationException($"The answer to '{name}' does not fit: {first.Key}: {first.Value}", check._errors);
    }

    private void CheckInput(InputKind kind, RequestDescription asked, JsonElement answer)
    {
        switch (kind)
        {
            case InputKind.Approval when answer.ValueKind is not (JsonValueKind.True or JsonValueKind.False):
                _errors["$"] = "true or false is expected.";
                break;
            case InputKind.Text when answer.ValueKind != JsonValueKind.String:
                _errors["$"] = "a text is expected.";
                break;
            case InputKind.Choice:
                CheckChoice(asked.Choices ?? [], answer, "$");
                break;
            case InputKind.Choices:
                CheckChoices(asked.Choices ?? [], answer);
                break;
            case InputKind.Form:
                CheckForm(asked.Fields ?? [], answer);
                break;
        }
    }

    private void CheckChoice(IReadOnlyList<string> choices, JsonElement answer, string path)
    {
        if (answer.ValueKind != JsonValueKind.String || !choices.Contains(answer.GetString()!, StringComparer.Ordinal))
            _errors[path] = $"one of these is expected: {string.Join(", ", choices)}.";
    }

    private void CheckChoices(IReadOnlyList<string> choices, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Array)
        {
            _errors["$"] = "a list of choices is expected.";
            return;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var item in answer.EnumerateArray())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"$[{index++}]");
            CheckChoice(choices, item, path);
            if (item.ValueKind == JsonValueKind.String && !seen.Add(item.GetString()!)) _errors[path] = "it is there twice.";
        }
    }

    private void CheckForm(IReadOnlyList<InputField> fields, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object)
        {
            _errors["$"] = "an object with the fields is expected.";
            return;
        }
        foreach (var field in fields)
        {
            var path = "$." + field.Name;
            if (!answer.TryGetProperty(field.Name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                if (field.Required) _errors[path] = "it is required.";
            }
            else CheckField(field, value, path);
        }
        foreach (var member in answer.EnumerateObject())
            if (!fields.Any(field => field.Name == member.Name)) _errors["$." + member.Name] = "there is no such field.";
    }

    private void CheckField(InputField field, JsonElement value, string path)
    {
        switch (field.Type)
        {
            case InputFieldType.Text when value.ValueKind != JsonValueKind.String:
                _errors[path] = "a text is expected.";
                break;
            case InputFieldType.Text:
                CheckText(field, value.GetString()!, path);
                break;
            case InputFieldType.Number when value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out _):
                _errors[path] = "a number is expected.";
                break;
            case InputFieldType.Number:
                CheckBounds(field, value.GetDecimal(), path, "the number");
                break;
            case InputFieldType.Bool when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False):
                _errors[path] = "true or false is expected.";
                break;
            case InputFieldType.Date when value.ValueKind != JsonValueKind.String || !DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _):
                _errors[path] = "a date like 2026-12-31 is expected.";
                break;
            case InputFieldType.Choice:
                CheckChoice(field.Choices ?? [], value, path);
                break;
        }
    }

    private void CheckText(InputField field, string text, string path)
    {
        CheckBounds(field, text.Length, path, "the number of its characters");
        if (field.Pattern is null || text.Length > LongestText) return;
        // Without backtracking, so that no answer can keep the pattern busy.
        if (!Regex.IsMatch(text, $"^(?:{field.Pattern})$", RegexOptions.NonBacktracking, PatternLimit)) _errors[path] = "it does not match the pattern.";
    }

    private void CheckBounds(InputField field, decimal value, string path, string what)
    {
        if (value < field.Min) _errors[path] = string.Create(CultureInfo.InvariantCulture, $"{what} is at least {field.Min}.");
        else if (value > field.Max) _errors[path] = string.Create(CultureInfo.InvariantCulture, $"{what} is at most {field.Max}.");
    }

    private void CheckShape(PayloadShape shape, JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (!shape.Nullable && shape.Type != "any") _errors[path] = "null does not fit.";
            return;
        }
        var fits = shape.Type switch
        {
            "text" => value.ValueKind == JsonValueKind.String,
            "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            "long" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number),
            "date" => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _),
            "guid" => value.ValueKind == JsonValueKind.String && value.TryGetGuid(out _),
            "object" or "map" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            _ => true,
        };
        if (!fits)
        {
            _errors[path] = $"{shape.Type} is expected, and it is {value.ValueKind.ToString().ToLowerInvariant()}.";
            return;
        }
        if (shape.Type == "object") CheckMembers(shape, value, path);
        else if (shape.Items is { } items) CheckItems(items, value, path);
    }

    private void CheckMembers(PayloadShape shape, JsonElement value, string path)
    {
        foreach (var required in shape.Required ?? [])
            if (!value.EnumerateObject().Any(member => string.Equals(member.Name, required, StringComparison.OrdinalIgnoreCase))) _errors[$"{path}.{required}"] = "it is required.";
        foreach (var member in value.EnumerateObject())
        {
            // As payloads are read: names are the same whatever their case.
            var known = shape.Members?.FirstOrDefault(known => string.Equals(known.Key, member.Name, StringComparison.OrdinalIgnoreCase)).Value;
            if (known is not null) CheckShape(known, member.Value, $"{path}.{member.Name}");
        }
    }

    private void CheckItems(PayloadShape items, JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject()) CheckShape(items, member.Value, $"{path}.{member.Name}");
            return;
        }
        var index = 0;
        foreach (var item in value.EnumerateArray()) CheckShape(items, item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"));
    }
}
