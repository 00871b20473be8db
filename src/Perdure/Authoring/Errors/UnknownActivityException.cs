using Perdure.Authoring;

namespace Perdure;

/// <summary>No activity of that name is registered anywhere. Never retried.</summary>
public sealed class UnknownActivityException : PerdureException, IFinalError
{
    internal UnknownActivityException(string activity, string hint)
        : base(ErrorCodes.UnknownActivity, $"No activity '{SafeText.Shorten(activity, 255)}' is registered: {hint}") => Activity = activity;

    /// <summary>The name.</summary>
    public string Activity { get; }
}
