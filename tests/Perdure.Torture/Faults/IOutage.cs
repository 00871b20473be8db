namespace Perdure.Torture.Faults;

/// <summary>Takes the database away for a time.</summary>
internal interface IOutage
{
    Task StrikeAsync(TimeSpan time);
}
