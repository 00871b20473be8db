using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>What goes on in the place of a run that ends, as its machine sees it.</summary>
/// <param name="Id">Public id of the next run.</param>
/// <param name="Input">Its input, JSON.</param>
/// <param name="Options">What is otherwise in it.</param>
/// <param name="Signals">Signals that nobody took, and answers to hooks that nobody asked for.</param>
/// <param name="From">What it has from the run besides.</param>
/// <param name="Timeout">How long the run was allowed to take; null for no limit.</param>
internal sealed record Continuation(
    string Id, ReadOnlyMemory<byte> Input, ContinueAsNewOptions? Options, IReadOnlyList<EventRecord> Signals, ContinuedFrom From, TimeSpan? Timeout)
{
    /// <summary>Rows of hooks that go with it.</summary>
    public IReadOnlyList<RequestMove> Hooks { get; init; } = [];
}
