using System.CommandLine;
using Perdure.Cli.Commands;

namespace Perdure.Cli.Input;

/// <summary>Asks before something is destroyed.</summary>
internal static class Confirmation
{
    /// <summary>Whether to go on. Where nobody can be asked, only <c>--yes</c> is a yes.</summary>
    /// <exception cref="UsageException">Nobody can be asked.</exception>
    public static bool Get(ParseResult given, string question)
    {
        if (given.GetValue(GlobalOptions.Yes)) return true;
        if (Console.IsInputRedirected) throw new UsageException($"{question} Say so with --yes: there is nobody to ask.");
        Console.Error.Write(question + " [y/N] ");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
