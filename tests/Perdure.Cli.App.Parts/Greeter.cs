namespace Perdure.Cli.App.Parts;

/// <summary>A dependency of the application that the tool knows nothing of.</summary>
public static class Greeter
{
    public static string Greet(string who) => $"Hello {who}";
}
