using System.Globalization;
using System.Reflection;
using System.Text;

namespace Perdure.PostgreSql.Schema;

/// <summary>One step of the schema. Once released it never changes; what comes later is a later step, and a function that changes gets a new name.</summary>
/// <param name="Version">The version that the schema has after it; 1, 2, 3 …</param>
/// <param name="Name">What it brings, for people who look into the table of versions.</param>
/// <param name="Script">Its statements; <c>{schema}</c> stands for the schema's name.</param>
/// <param name="Oldest">
/// The oldest build that may work on the schema after it, by the version that this build knows: an earlier one if the step only adds what that build need not know, its own version if it
/// does not. From <see cref="FirstThatSaysOldest"/> on this is stored.
/// </param>
internal sealed record Migration(int Version, string Name, string Script, int Oldest)
{
    /// <summary>The step from which on the table of versions holds <see cref="Oldest"/>.</summary>
    public const int FirstThatSaysOldest = 20;

    /// <summary>Adds its statements, and the one that notes that they were made.</summary>
    public void AddTo(StringBuilder script)
    {
        script.Append(CultureInfo.InvariantCulture, $"\n-- {Version}: {Name}\n").Append(Script.AsSpan().Trim().TrimEnd(';')).Append(";\n")
            .Append(CultureInfo.InvariantCulture, $"INSERT INTO {{schema}}.schema_version(version, name) VALUES ({Version}, '{Name}');\n");
        if (Version >= FirstThatSaysOldest) script.Append(CultureInfo.InvariantCulture, $"UPDATE {{schema}}.schema_version SET oldest = {Oldest} WHERE version = {Version};\n");
    }

    /// <summary>The step whose scripts lie in the folder of its number, in the order of their names.</summary>
    public static Migration FromScripts(int version, string name, int oldest)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"Perdure.PostgreSql.Schema.Scripts._{version}.";
        var script = new StringBuilder();
        foreach (var resource in assembly.GetManifestResourceNames().Where(r => r.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            script.Append(reader.ReadToEnd()).Append('\n');
        }
        return new(version, name, script.ToString(), oldest);
    }
}
