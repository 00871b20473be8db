namespace Perdure.Cli.Output;

/// <summary>How answers are written to standard output.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table = 0,

    /// <summary>Another word for <see cref="Table"/>.</summary>
    Text = Table,

    /// <summary>One indented JSON document.</summary>
    Json = 1,

    /// <summary>JSON, one line an item.</summary>
    Ndjson = 2,
}
