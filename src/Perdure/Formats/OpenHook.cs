namespace Perdure.Formats;

/// <summary>A hook that a run left open when another went on in its place: its token goes on being good.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Nonce">What its token is derived from.</param>
/// <param name="Answers">How many answers it still takes, those included that have come and that no code has asked for.</param>
/// <param name="Request">Number of the request.</param>
/// <param name="Due">When it expires, in microseconds; that of never for never.</param>
/// <param name="Row">
/// The operation under which its row is kept. Which operation of the new run will ask for it nobody knows yet, so it is none that a run can have: below <c>EventRecord.NoOperation</c>.
/// </param>
internal sealed record OpenHook(string Name, string Nonce, int Answers, int Request, long Due, int Row)
{
    /// <summary>The first operation under which such rows are kept; the others are below it.</summary>
    public const int FirstRow = -2;
}
