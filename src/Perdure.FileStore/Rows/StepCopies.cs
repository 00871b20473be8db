using Perdure.Files.Folders;

namespace Perdure.Files.Rows;

/// <summary>
/// A file for each step and activity, so that people find a result without reading a history. The engine never reads them; one that cannot be written, or whose process dies
/// before it is, is missing. Not thread safe.
/// </summary>
internal sealed class StepCopies(string root)
{
    private readonly List<(string Run, StepDocument Step)> _noted = [];
    private readonly List<string> _forgotten = [];

    /// <summary>Remembers what an event says of a step, until it is durable.</summary>
    public void Note(string run, EventRecord e)
    {
        if (e.Kind is not (EventKind.StepCompleted or EventKind.StepFailed or EventKind.ActivityCompleted or EventKind.ActivityFailed
            or EventKind.ActivityTimedOut or EventKind.ActivityCancelled)) return;
        _noted.Add((run, new StepDocument
        {
            Operation = e.Operation, Name = e.Name, Event = EventNames.Of(e.Kind)!, Attempt = e.Attempt, At = e.At, Data = e.Data.ToArray(),
        }));
    }

    public void Forget(string run) => _forgotten.Add(run);

    /// <summary>Writes what was noted.</summary>
    public void Flush()
    {
        try
        {
            foreach (var (run, step) in _noted) Write(run, step);
            foreach (var run in _forgotten) Remove(run);
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            // Copies are a comfort; the history has it all.
        }
        _noted.Clear();
        _forgotten.Clear();
    }

    private void Write(string run, StepDocument step)
    {
        Disk.CreateFolder(Path.Combine(root, Layout.StepsOf(run)));
        Disk.Replace(Path.Combine(root, Layout.Step(run, step.Operation, step.Name)), StoreJson.Write(step));
    }

    private void Remove(string run)
    {
        var folder = Path.Combine(root, Layout.StepsOf(run));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
