using Perdure.Files.Folders;
using Perdure.Storage.Memory;

namespace Perdure.Files.Rows;

/// <summary>
/// A file for each hook, so that people see which callbacks a run waits for. No token is in them, nor can one be made of them. The engine never reads them; one that cannot be written, or whose
/// process dies before it is, is missing or old. Not thread safe.
/// </summary>
internal sealed class HookCopies(string root)
{
    private readonly List<(string Run, HookDocument Hook)> _noted = [];
    private readonly List<string> _forgotten = [];

    /// <summary>Remembers how the hooks of a run stand, until that is durable.</summary>
    public void Note(RunRow run)
    {
        if (run.Requests is null) return;
        // What went on with the next run is here no more.
        if (run.Status == RunStatus.ContinuedAsNew) Forget(run.Birth.Id);
        foreach (var row in run.Requests.Values)
            if (row.Request.Kind == RequestKind.Hook) _noted.Add((run.Birth.Id, HookDocument.Of(run.Birth.Id, row)));
    }

    public void Forget(string run) => _forgotten.Add(run);

    /// <summary>Writes what was noted.</summary>
    public void Flush()
    {
        try
        {
            foreach (var run in _forgotten) Remove(run);
            foreach (var (run, hook) in _noted) Write(run, hook);
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            // Copies are a comfort; the row of the run has it all.
        }
        _noted.Clear();
        _forgotten.Clear();
    }

    private void Write(string run, HookDocument hook)
    {
        Disk.CreateFolder(Path.Combine(root, Layout.HooksOf(run)));
        Disk.Replace(Path.Combine(root, Layout.Hook(run, hook.Operation, hook.Name)), StoreJson.Write(hook));
    }

    private void Remove(string run)
    {
        var folder = Path.Combine(root, Layout.HooksOf(run));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
