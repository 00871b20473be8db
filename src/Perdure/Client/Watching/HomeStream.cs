namespace Perdure.Client;

/// <summary>A stream whose every step begins in the engine's own context, so that it never needs the thread of whoever reads it.</summary>
/// <param name="inner">The stream.</param>
/// <param name="home">The engine's context; null means the thread pool.</param>
internal sealed class HomeStream<T>(IAsyncEnumerable<T> inner, SynchronizationContext? home) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(inner.GetAsyncEnumerator(cancellationToken), home);

    private sealed class Enumerator(IAsyncEnumerator<T> inner, SynchronizationContext? home) : IAsyncEnumerator<T>
    {
        public T Current => inner.Current;

        public ValueTask<bool> MoveNextAsync()
        {
            using var scope = new HomeScope(home);
            return inner.MoveNextAsync();
        }

        public ValueTask DisposeAsync()
        {
            using var scope = new HomeScope(home);
            return inner.DisposeAsync();
        }
    }
}
