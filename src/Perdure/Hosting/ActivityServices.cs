using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Perdure.Hosting;

/// <summary>Activity classes are services as well, so that steps and activities may ask for one another. One that the application registered itself stays.</summary>
internal static class ActivityServices
{
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "The registry holds types that were registered with their constructors kept.")]
    public static void Add(IServiceCollection services, Type contract, Type implementation) => services.TryAddScoped(contract, implementation);
}
