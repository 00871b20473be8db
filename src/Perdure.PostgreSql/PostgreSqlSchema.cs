using System.Globalization;
using System.Text;
using Perdure.PostgreSql.Access;
using Perdure.PostgreSql.Schema;

namespace Perdure.PostgreSql;

/// <summary>The schema that this build of the store needs, for those who want to see it or to apply it themselves. Thread safe.</summary>
public static class PostgreSqlSchema
{
    /// <summary>The version that the store needs.</summary>
    public static int Version => Migrations.All[^1].Version;

    /// <summary>
    /// The statements that make a database ready in which the schema is not there yet, from the first version to <see cref="Version"/>, as one transaction, with the rows that
    /// say which versions were applied.
    /// </summary>
    /// <param name="schema">Name of the schema; see <see cref="PostgreSqlStoreOptions.Schema"/>.</param>
    /// <exception cref="ArgumentException">The name breaks its rule.</exception>
    public static string Script(string schema = "perdure")
    {
        new PostgreSqlStoreOptions { Schema = schema }.Validate();
        var name = SchemaName.Quote(schema);
        var script = new StringBuilder("BEGIN;\n").Append(CultureInfo.InvariantCulture, $"CREATE SCHEMA {name};\n")
            .Append(SchemaKeeper.CreateVersions).Append(";\n");
        foreach (var step in Migrations.All) step.AddTo(script);
        return script.Append("COMMIT;\n").Replace("{schema}", name).ToString();
    }
}
