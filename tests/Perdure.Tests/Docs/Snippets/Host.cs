using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Tests.Docs.Snippets;

/// <summary>Stands for the application builder in snippets.</summary>
internal sealed class Host
{
    public IServiceCollection Services { get; } = new ServiceCollection();
}
