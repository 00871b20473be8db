using System.Globalization;

namespace Perdure.Authoring;

/// <summary>Which code a descriptor stands for: name, version, and the thing that was registered under them.</summary>
/// <param name="Name">The workflow's name.</param>
/// <param name="Version">Its version, from 1.</param>
/// <param name="Code">The class or the method; the same one registered twice is no error.</param>
internal sealed record WorkflowIdentity(string Name, int Version, object Code)
{
    public static int CheckVersion(int version) => version >= 1
        ? version
        : throw new InvalidOptionException(
            "version", $"A workflow's version is at least 1, not {version.ToString(CultureInfo.InvariantCulture)}.");

    public static string Format(string name, int version) => string.Create(CultureInfo.InvariantCulture, $"{name} v{version}");
}
