using System.Reflection;
using Perdure.Storage;

namespace Perdure.Tests.Engine;

/// <summary>Sees which calls an engine makes to its store.</summary>
internal class StoreSpy : DispatchProxy
{
    private IPerdureStore _inner = null!;
    private Action<string, object?[]?> _onCall = null!;

    public static IPerdureStore On(IPerdureStore inner, Action<string> onCall) => On(inner, (call, _) => onCall(call));

    public static IPerdureStore On(IPerdureStore inner, Action<string, object?[]?> onCall)
    {
        var proxy = Create<IPerdureStore, StoreSpy>();
        var spy = (StoreSpy)(object)proxy;
        (spy._inner, spy._onCall) = (inner, onCall);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _onCall(targetMethod!.Name, args);
        return targetMethod.Invoke(_inner, args);
    }
}
