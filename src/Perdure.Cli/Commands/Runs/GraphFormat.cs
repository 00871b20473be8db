namespace Perdure.Cli.Commands.Runs;

/// <summary>How a graph is written.</summary>
internal enum GraphFormat
{
    Mermaid = 0,
    Dot = 1,
    Json = 2,
    Svg = 3,
}
