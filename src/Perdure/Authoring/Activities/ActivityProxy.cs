using System.Reflection;

namespace Perdure.Authoring;

/// <summary>Stands behind an activity interface in workflow code: each call of a method becomes an operation.</summary>
// Not sealed, and with a public constructor, because the generated proxy derives from it.
internal class ActivityProxy : DispatchProxy
{
    private WorkflowContext? _context;
    private ActivityOptions? _options;
    private SourceLine _source;
    private IReadOnlyDictionary<MethodInfo, ActivityProxyMethod>? _methods;

    public void Bind(
        WorkflowContext context, ActivityOptions? options, SourceLine source, IReadOnlyDictionary<MethodInfo, ActivityProxyMethod> methods)
    {
        _context = context;
        _options = options;
        _source = source;
        _methods = methods;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _methods![targetMethod!].Issue(_context!, args ?? [], _options, _source);
}
