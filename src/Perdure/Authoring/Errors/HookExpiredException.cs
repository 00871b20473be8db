namespace Perdure;

/// <summary>A hook expired before it was answered.</summary>
public sealed class HookExpiredException : PerdureException
{
    internal HookExpiredException(string hook) : base(ErrorCodes.HookExpired, $"The hook '{hook}' expired before it was answered.") => Hook = hook;

    /// <summary>The hook's name.</summary>
    public string Hook { get; }
}
