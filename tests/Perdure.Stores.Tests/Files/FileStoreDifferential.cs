using Perdure.Storage;
using Perdure.Stores.Tests.Differential;

namespace Perdure.Stores.Tests.Files;

/// <summary>
/// The file store against the model. Every few commands it forgets everything and reads its files again, so what is compared is what they hold.
/// </summary>
public sealed class FileStoreDifferential : StoreDifferential, IDisposable
{
    private readonly List<TempFolder> _folders = [];

    protected override int Seeds => 150;

    public void Dispose() => _folders.ForEach(static folder => folder.Dispose());

    protected override IPerdureStore CreateStore(TimeProvider clock)
    {
        _folders.Add(new());
        // A short journal, so that trimming happens as well. Nothing here asks what survives a power failure, so nothing waits for the disk.
        return ForgetfulStore.Over(_folders[^1].Create(clock, static options => (options.SegmentLength, options.Flushes) = (16 * 1024, false)), every: 50);
    }
}
