using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Database = new("--db", "--connection")
    {
        Description = "The store: app.db, sqlite:/path/app.db, file:/path/folder or postgres://… Better in the environment, PERDURE_DB: other users can read the words of a command.",
        HelpName = "store", Recursive = true,
    };

    public static readonly Option<string?> Schema = new("--schema")
    {
        Description = "The schema of a PostgreSQL store; default: perdure.", HelpName = "name", Recursive = true,
    };

    public static readonly Option<OutputFormat> Output = new("--output", "-o")
    {
        Description = "table (or text), json, ndjson.", HelpName = "format", Recursive = true, DefaultValueFactory = static _ => OutputFormat.Table,
        CustomParser = static given =>
        {
            if (Enum.TryParse<OutputFormat>(given.Tokens[0].Value, ignoreCase: true, out var format) && Enum.IsDefined(format)) return format;
            given.AddError($"There is no output format '{Plain.Text(given.Tokens[0].Value)}'. Known: table, json, ndjson.");
            return default;
        },
    };

    public static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask before something is destroyed.", Recursive = true };

    public static IEnumerable<Option> All => [Database, Schema, Output, Yes];
}
