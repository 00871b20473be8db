using System.Text.Json.Serialization;

namespace Perdure.Samples.Onboarding;

/// <summary>Who has signed up.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Compress">
/// How many times faster than written the clock of this run goes. It is a part of the input, and so recorded with the run: however the program is started
/// the next time, a replay computes the same waits.
/// </param>
internal sealed record NewUser([property: JsonPropertyName("user_id")] int UserId, int Compress = 1)
{
    public TimeSpan Compressed(TimeSpan time) => time / Compress;
}
