namespace Perdure.Cli.App;

/// <summary>Serves <see cref="IVoice"/>.</summary>
public sealed class Voice : IVoice
{
    public Task<string> LoudlyAsync(string text) => Task.FromResult(text.ToUpperInvariant());
}
