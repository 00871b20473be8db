using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Authoring;

/// <summary>What one attempt of a step or an activity may use.</summary>
internal sealed class AttemptScope(IServiceProvider? services, StepInfo info, CancellationToken token)
{
    /// <summary>The attempt's own scope; null when the body needs no service.</summary>
    public IServiceProvider? Services { get; } = services;

    /// <summary>Fires on timeout, cancellation, shutdown and lost ownership.</summary>
    public CancellationToken Token { get; } = token;

    public StepInfo Info { get; } = info;

    /// <summary>The value for a parameter of type <typeparamref name="T"/>.</summary>
    public T Resolve<T>() where T : notnull
    {
        if (Injected<T>.IsService) return ResolveService<T>();
        // The compiler removes this box: for a value type the comparison is a constant.
        if (typeof(T) == typeof(CancellationToken)) return (T)(object)Token;
        return (T)(object)Info;
    }

    private T ResolveService<T>() where T : notnull => Services is { } services
        ? services.GetRequiredService<T>()
        : throw new InvalidOptionException(
            "services", $"'{Info.StepName}' asks for the service {typeof(T).Name}, but the engine was built without a service provider.");
}
