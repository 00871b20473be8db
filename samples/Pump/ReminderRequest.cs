namespace Perdure.Samples.Pump;

/// <summary>What to remind of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seconds">When, from now.</param>
internal sealed record ReminderRequest(string Name, int Seconds);
