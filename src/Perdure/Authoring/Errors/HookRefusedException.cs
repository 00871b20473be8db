namespace Perdure;

/// <summary>An answer to a hook was not taken; nothing was stored. The code says why. Whoever answers over HTTP is told the same in each case.</summary>
public sealed class HookRefusedException : PerdureException
{
    internal HookRefusedException(string code) : base(code, code switch
    {
        ErrorCodes.AlreadyReceived => "The hook has got its answer already.",
        ErrorCodes.RequestExpired => "The hook takes no answers any more.",
        _ => "There is no hook with this token.",
    })
    {
    }
}
