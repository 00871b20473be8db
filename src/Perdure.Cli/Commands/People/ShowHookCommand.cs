using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.People;

/// <summary><c>perdure hooks info TOKEN</c></summary>
internal sealed class ShowHookCommand() : HookCommand("info", "Tells whose hook a token is, and where it stands.")
{
    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop) =>
        Tell(screen, await client.GetHookAsync(TokenIn(given), stop));
}
