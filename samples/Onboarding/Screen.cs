namespace Perdure.Samples.Onboarding;

/// <summary>Shows what happens, one line at a time.</summary>
internal sealed class Screen
{
    public void Show(string what, int user, string text) => Console.WriteLine($"[{what}] user {user}: {text}");
}
