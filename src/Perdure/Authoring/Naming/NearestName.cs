namespace Perdure.Authoring;

/// <summary>Helps whoever mistyped a name.</summary>
internal static class NearestName
{
    /// <summary>"did you mean 'x'?" when one is close, else the whole list.</summary>
    public static string Hint(string name, IReadOnlyList<string> known)
    {
        string? nearest = Find(name, known);
        return nearest is not null ? $"did you mean '{nearest}'?" : "known are " + string.Join(", ", known);
    }

    /// <summary>The known name that is at most a third of its length away; null when there is none.</summary>
    public static string? Find(string name, IReadOnlyList<string> known)
    {
        string? nearest = null;
        int least = int.MaxValue;
        // Beyond any name's length there is nothing to compare, whatever was typed.
        if (name.Length > 2 * PerdureDefaults.MaxNameLength) return null;
        foreach (string candidate in known)
        {
            int distance = Distance(name, candidate);
            if (distance >= least || distance > Math.Max(1, candidate.Length / 3)) continue;
            least = distance;
            nearest = candidate;
        }
        return nearest;
    }

    /// <summary>Letters to add, drop or replace, whatever their case.</summary>
    private static int Distance(string a, string b)
    {
        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = previous[j - 1] + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replace, 1 + Math.Min(previous[j], current[j - 1]));
            }
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
