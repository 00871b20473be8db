namespace Perdure.Samples.Onboarding;

/// <summary>Shows what happens, one line at a time.</summary>
internal sealed class Screen
{
    public void Show(string what, int user, string text) => Console.WriteLine($"[{what}] user {user}: {text}");

    public void ShowPause(string what, NewUser user, TimeSpan time) =>
        Show(what, user.UserId, $"{Durations.Format(time)}, compressed to {Durations.Format(user.Compressed(time))}");
}
