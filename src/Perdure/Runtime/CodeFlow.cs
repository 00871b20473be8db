using System.Globalization;

namespace Perdure.Runtime;

/// <summary>
/// The execution context of workflow code: that of whoever built the engine, with the invariant culture, and not that of whoever happens to
/// wake the run. So neither a caller's ambient values nor a machine's culture can change what the code does.
/// </summary>
internal sealed class CodeFlow
{
    private readonly ExecutionContext? _flow = Capture();

    /// <summary>Enters it on this thread, for a whole turn: continuations in between then need no switch. Returns what <see cref="Leave"/> needs.</summary>
    public ExecutionContext? Enter()
    {
        if (_flow is null || ExecutionContext.Capture() is not { } outer || ReferenceEquals(outer, _flow)) return null;
        ExecutionContext.Restore(_flow);
        return outer;
    }

    public static void Leave(ExecutionContext? outer)
    {
        if (outer is not null) ExecutionContext.Restore(outer);
    }

    private static ExecutionContext? Capture()
    {
        // Null when whoever builds the engine has suppressed the flow: then there is nothing to return to.
        var flow = ExecutionContext.Capture();
        if (flow is null || CultureInfo.CurrentCulture.Equals(CultureInfo.InvariantCulture) && CultureInfo.CurrentUICulture.Equals(CultureInfo.InvariantCulture))
            return flow;
        ExecutionContext.Run(flow, _ =>
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
            flow = ExecutionContext.Capture();
        }, null);
        return flow;
    }
}
