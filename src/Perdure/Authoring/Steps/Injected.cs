namespace Perdure.Authoring;

/// <summary>How a parameter of this type is filled, decided once per type.</summary>
internal static class Injected<T>
{
    public static readonly bool IsService = typeof(T) != typeof(CancellationToken) && typeof(T) != typeof(StepInfo);
}
