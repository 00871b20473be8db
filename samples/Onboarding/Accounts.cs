namespace Perdure.Samples.Onboarding;

/// <summary>The world outside, as far as this sample has one: a mail server, the table of accounts, and what a user is worth.</summary>
internal sealed class Accounts(Settings settings, Screen screen)
{
    public Task WelcomeAsync(int user)
    {
        screen.Show("email", user, "Welcome! Please confirm your address.");
        return Task.CompletedTask;
    }

    public Task<bool> HasConfirmedAsync(int user)
    {
        screen.Show("check", user, settings.Clicked ? "confirmed" : "not confirmed yet");
        return Task.FromResult(settings.Clicked);
    }

    public Task<int> ScoreAsync(int user)
    {
        var score = 6 * user;
        screen.Show("score", user, $"{score}");
        return Task.FromResult(score);
    }
}
