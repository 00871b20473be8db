namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Goes on where <c>AddPerdure</c> or <c>AddPerdureClient</c> began: which store, which workflows, which activities. Used while services are registered, by one thread.
/// </summary>
public interface IPerdureBuilder
{
    /// <summary>The services that the engine is registered in.</summary>
    IServiceCollection Services { get; }

    /// <summary>Name of the engine; null for the one without a name, which most programs have alone.</summary>
    string? Name { get; }

    /// <summary>Whether this process takes work (<c>AddPerdure</c>); a client (<c>AddPerdureClient</c>) does not.</summary>
    bool HasWorker { get; }
}
