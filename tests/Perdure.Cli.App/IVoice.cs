namespace Perdure.Cli.App;

/// <summary>Found by its attribute, and served by the one class that implements it.</summary>
public interface IVoice
{
    [Activity("loudly")]
    Task<string> LoudlyAsync(string text);
}
