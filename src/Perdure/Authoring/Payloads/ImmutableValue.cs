namespace Perdure.Authoring;

/// <summary>Types whose values cannot change and read back exactly as they were written: no need to read them back.</summary>
internal static class ImmutableValue<T>
{
    public static readonly bool IsOne = Is(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T));

    private static bool Is(Type type) =>
        (type.IsPrimitive && type != typeof(IntPtr) && type != typeof(UIntPtr))
        || type == typeof(string) || type == typeof(decimal) || type == typeof(Guid) || type == typeof(Unit)
        || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(TimeOnly)
        || type == typeof(TimeSpan);
}
