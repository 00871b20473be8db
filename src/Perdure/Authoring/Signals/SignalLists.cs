namespace Perdure.Authoring;

/// <summary>Checks the list of a wait for any of several signals.</summary>
internal static class SignalLists
{
    public static void Check(IReadOnlyList<Signal> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        if (signals.Count == 0) throw new InvalidOptionException(nameof(signals), "A wait needs at least one signal.");
        for (int i = 0; i < signals.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(signals[i], nameof(signals));
            // Lists are a handful long: comparing all pairs costs less than a set.
            for (int j = 0; j < i; j++)
            {
                if (signals[j].Name == signals[i].Name)
                    throw new InvalidOptionException(nameof(signals), $"The signal '{signals[i].Name}' is in the list twice.");
            }
        }
    }
}
