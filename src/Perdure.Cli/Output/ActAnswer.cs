namespace Perdure.Cli.Output;

/// <summary>What became of an act on a run.</summary>
/// <param name="Id">The run.</param>
/// <param name="Outcome">A word for it, for example <c>Recorded</c>.</param>
internal sealed record ActAnswer(string Id, string Outcome);
