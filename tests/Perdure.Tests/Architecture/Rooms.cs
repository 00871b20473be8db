using Perdure.Tests.Architecture.Reading;

namespace Perdure.Tests.Architecture;

/// <summary>Which room of the house each type lives in, and which arrows between rooms are allowed.</summary>
/// <remarks>
/// A room is a folder of <c>src/Perdure</c>, or a package that sits on it. Two rooms have an anteroom that others may enter: the <b>Vocabulary</b> is the
/// part of Storage that users see (statuses, event kinds), and <b>Registration</b> is the part of Hosting that a package extends.
/// </remarks>
internal sealed class Rooms
{
    public const string Vocabulary = "Vocabulary";
    public const string Registration = "Registration";
    public const string RegistrationNamespace = "Microsoft.Extensions.DependencyInjection";

    /// <summary>Each room and the rooms that it may refer to. Everything else is forbidden, in either direction.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Arrows = new Dictionary<string, string[]>
    {
        [Vocabulary] = [],
        ["Storage"] = [Vocabulary],
        ["Authoring"] = [Vocabulary],
        ["Pipelines"] = ["Authoring", Vocabulary],
        ["Formats"] = ["Authoring", "Storage", Vocabulary],
        ["Runtime"] = ["Formats", "Authoring", "Storage", Vocabulary],
        ["Journal"] = ["Storage", Vocabulary],
        ["Worker"] = ["Runtime", "Journal", "Formats", "Authoring", "Storage", Vocabulary],
        ["Schedules"] = ["Authoring", Vocabulary],
        ["Client"] = ["Schedules", "Formats", "Authoring", "Storage", Vocabulary],
        ["Hosting"] = ["Pipelines", "Schedules", "Worker", "Runtime", "Journal", "Client", "Formats", "Authoring", "Storage", Registration, Vocabulary],
        [Registration] = ["Pipelines", "Hosting", "Schedules", "Worker", "Runtime", "Journal", "Client", "Formats", "Authoring", "Storage", Vocabulary],
        ["Perdure.FileStore"] = ["Storage", Registration, Vocabulary],
        ["Perdure.PostgreSql"] = ["Storage", Registration, Vocabulary],
        ["Perdure.Sqlite"] = ["Storage", Registration, Vocabulary],
    };

    private readonly Dictionary<string, string> _rooms = [];

    public Rooms(params CompiledAssembly[] assemblies)
    {
        foreach (var assembly in assemblies)
            foreach (var type in assembly.Types)
                _rooms[type.Name] = Of(assembly.Name, type);
    }

    /// <summary>The room of an outermost type, or null when it belongs to none: other assemblies' types, and what the compiler adds by itself.</summary>
    public string? Of(string type) => _rooms.GetValueOrDefault(type);

    /// <summary>The namespace of an assembly's root: its name, but where a type of that name would hide it.</summary>
    public static string RootNamespace(string assembly) => assembly == "Perdure.FileStore" ? "Perdure.Files" : assembly;

    /// <summary>The folders that a type's files lie in, below the assembly's own: <c>Worker</c>, or empty for the assembly's root.</summary>
    public static IReadOnlyList<string> Folders(string assembly, CompiledType type)
    {
        var root = $"/src/{assembly}/";
        return [.. type.Documents
            .Where(d => d.Contains(root, StringComparison.Ordinal))
            .Select(d => d[(d.LastIndexOf(root, StringComparison.Ordinal) + root.Length)..])
            .Select(path => path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "")
            .Distinct()];
    }

    private static string Of(string assembly, CompiledType type) => assembly != "Perdure" ? assembly : (Folders(assembly, type)[0], type.Namespace) switch
    {
        ("Storage", "Perdure") => Vocabulary,
        ("Hosting", RegistrationNamespace) => Registration,
        var (folder, _) => folder,
    };
}
