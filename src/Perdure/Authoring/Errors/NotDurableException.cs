namespace Perdure;

/// <summary>A transient run was asked for something that needs the store, or another process. See <see cref="StartOptions.Transient"/>.</summary>
public sealed class NotDurableException : PerdureException
{
    internal NotDurableException(string what) : base(ErrorCodes.NotDurable, $"A transient run lives in this process alone: {what}") { }
}
