namespace Perdure.Client;

/// <summary>
/// Puts the engine's own context in place of the caller's while a call begins, so that nothing awaited inside ever needs the caller's thread: a user
/// interface or a test runner may block on the result.
/// </summary>
internal readonly ref struct HomeScope
{
    private readonly SynchronizationContext? _callers;
    private readonly bool _changed;

    public HomeScope(SynchronizationContext? home)
    {
        _callers = SynchronizationContext.Current;
        _changed = _callers != home;
        if (_changed) SynchronizationContext.SetSynchronizationContext(home);
    }

    public void Dispose()
    {
        if (_changed) SynchronizationContext.SetSynchronizationContext(_callers);
    }
}
