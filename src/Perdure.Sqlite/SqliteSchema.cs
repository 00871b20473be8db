using System.Globalization;
using System.Text;
using Perdure.Sqlite.Schema;

namespace Perdure.Sqlite;

/// <summary>The schema that this build of the store needs, for those who want to see it or to apply it themselves. Thread safe.</summary>
public static class SqliteSchema
{
    /// <summary>The version that the store needs.</summary>
    public static int Version => Migrations.All[^1].Version;

    /// <summary>The statements that make an empty database ready, from the first version to <see cref="Version"/>, with the rows that say which versions were applied.</summary>
    public static string Script
    {
        get
        {
            var script = new StringBuilder("PRAGMA journal_mode=WAL;\nBEGIN IMMEDIATE;\n").Append(SchemaKeeper.CreateVersions).Append(";\n");
            foreach (var step in Migrations.All)
            {
                script.Append(CultureInfo.InvariantCulture, $"\n-- {step.Version}: {step.Name}\n").Append(step.Script.Trim()).Append('\n')
                    .Append(CultureInfo.InvariantCulture,
                        $"INSERT INTO perdure_schema_version(version, name, applied_at) VALUES({step.Version}, '{step.Name}', strftime('%s', 'now') * 1000000);\n");
                if (step.SaysOldest) script.Append(CultureInfo.InvariantCulture, $"UPDATE perdure_schema_version SET oldest = {step.Oldest} WHERE version = {step.Version};\n");
            }
            return script.Append("COMMIT;\n").ToString();
        }
    }
}
