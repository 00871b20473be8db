using Microsoft.Extensions.DependencyInjection;

namespace Perdure;

/// <summary>
/// What an assembly registers when a program that does not know it hosts its workflows, as <c>perdure worker --assembly app.dll</c> does: workflows with their options, activities, and
/// the services that both ask for. Classes marked <c>[Workflow]</c> and methods marked <c>[Activity]</c> are found without it.
/// </summary>
/// <remarks>The class needs a constructor without parameters; it is made once, before there are services. Used by one thread.</remarks>
public interface IPerdureModule
{
    /// <summary>Registers. The store is the host's choice.</summary>
    /// <param name="builder">The builder of the host's engine; <see cref="IPerdureBuilder.Services"/> takes the services.</param>
    void Configure(IPerdureBuilder builder);
}
