using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Files;

/// <summary>The file store fulfils the contract. It has one worker process, so a second handle is the same object; what other processes may do is tested beside this.</summary>
public sealed class FileStoreContract : StoreContract, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IPerdureStore CreateStore() => _folder.Create(Clock);

    protected override IPerdureStore OpenAnother(IPerdureStore first) => first;
}
