using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Stores.Tests.Differential;

namespace Perdure.Stores.Tests.Memory;

/// <summary>The model against itself: what counts here are the oracles and the invariants.</summary>
public sealed class MemoryStoreDifferential : StoreDifferential
{
    protected override int Seeds => 300;

    protected override IPerdureStore CreateStore(TimeProvider clock) => new MemoryStore(clock);
}
