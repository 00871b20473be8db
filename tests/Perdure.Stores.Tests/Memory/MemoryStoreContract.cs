using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Memory;

/// <summary>The model fulfils the contract; it lives in one process, so a second handle is the same object.</summary>
public sealed class MemoryStoreContract : StoreContract
{
    protected override IPerdureStore CreateStore() => new MemoryStore(Clock);

    protected override IPerdureStore OpenAnother(IPerdureStore first) => first;
}
