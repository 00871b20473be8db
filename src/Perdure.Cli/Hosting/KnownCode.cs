using System.CommandLine;
using Perdure.Cli.Input;

namespace Perdure.Cli.Hosting;

/// <summary>Which assembly's workflows a command knows: that of its option, of the variable, or of <c>perdure.json</c>.</summary>
internal static class KnownCode
{
    private const string Variable = "PERDURE_ASSEMBLY";

    /// <summary>The option. Each command has one of its own.</summary>
    public static Option<string?> NewOption(string purpose) =>
        new("--assembly", "-a") { Description = $"{purpose}; default: the variable {Variable}, or perdure.json.", HelpName = "app.dll" };

    /// <summary>The assembly's path; null when none was named.</summary>
    public static string? PathIn(ParseResult given, Option<string?> option) =>
        given.GetValue(option) is { Length: > 0 } path ? path
        : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable ? variable
        : ToolFile.Read("assembly");
}
