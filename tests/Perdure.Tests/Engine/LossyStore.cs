using System.Reflection;
using Perdure.Storage;

namespace Perdure.Tests.Engine;

/// <summary>Executes one call of a kind, and loses its answer: whoever called learns only that nobody knows what became of it.</summary>
internal class LossyStore : DispatchProxy
{
    private IPerdureStore _inner = null!;
    private string _call = "";
    private Func<Task> _behind = null!;
    private int _calls;

    /// <param name="inner">The store.</param>
    /// <param name="call">Name of the command whose first answer is lost.</param>
    /// <param name="behind">What happens between its execution and the moment at which the caller hears of the loss.</param>
    public static IPerdureStore On(IPerdureStore inner, string call, Func<Task> behind)
    {
        var proxy = Create<IPerdureStore, LossyStore>();
        var lossy = (LossyStore)(object)proxy;
        (lossy._inner, lossy._call, lossy._behind) = (inner, call, behind);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.Invoke(_inner, args);
        if (targetMethod.Name != _call || Interlocked.Increment(ref _calls) > 1) return answer;
        return typeof(LossyStore).GetMethod(nameof(LoseAsync), BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(targetMethod.ReturnType.GetGenericArguments()).Invoke(this, [answer]);
    }

    private async Task<T> LoseAsync<T>(Task<T> call)
    {
        await call;
        await _behind();
        throw new StoreException(StoreFault.Unknown, "The answer was lost.");
    }
}
