using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Authoring;

/// <summary>What one attempt of a step or an activity may use. Most bodies ask for nothing: token and info are made when they are asked for.</summary>
internal abstract class AttemptScope
{
    /// <summary>The attempt's own scope; null when the body needs no service.</summary>
    public IServiceProvider? Services { get; protected set; }

    /// <summary>Fires on timeout, cancellation, shutdown and lost ownership.</summary>
    public abstract CancellationToken Token { get; }

    /// <summary>Which attempt of what it is.</summary>
    public abstract StepInfo Info { get; }

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
