namespace Perdure.Torture.Adapter;

/// <summary>The queues that workers serve besides the default one. A queue must be named by whoever serves it, so there is a fixed number of them.</summary>
internal static class StepQueues
{
    private const int Count = 8;

    public static IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(0, Count).Select(static number => $"q{number}")];

    /// <summary>The queue that stands for the one that a program names.</summary>
    public static string Of(string? name)
    {
        if (name is null) return Names[0];
        if (Names.Contains(name)) return name;
        var sum = 0;
        foreach (var letter in name) sum += letter;
        return Names[sum % Count];
    }
}
