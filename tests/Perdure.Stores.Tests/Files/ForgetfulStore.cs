using System.Reflection;
using Perdure.Files;
using Perdure.Storage;

namespace Perdure.Stores.Tests.Files;

/// <summary>A file store whose rows in memory are thrown away before every so many calls, as after a failure of the disk.</summary>
internal class ForgetfulStore : DispatchProxy
{
    private FileStore _store = null!;
    private int _every;
    private int _calls;

    public static IPerdureStore Over(FileStore store, int every)
    {
        var proxy = Create<IPerdureStore, ForgetfulStore>();
        var forgetful = (ForgetfulStore)(object)proxy;
        (forgetful._store, forgetful._every) = (store, every);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (++_calls % _every == 0) _store.Owner?.Forget();
        return targetMethod!.Invoke(_store, args);
    }
}
