using System.Text.Json;

namespace Perdure.Schedules;

/// <summary>A run that a schedule has started and that has not ended.</summary>
internal sealed class LiveRun(string id, DateTimeOffset slot, ChildHandle<JsonElement> child, Task end, bool counts)
{
    public string Id => id;

    public DateTimeOffset Slot => slot;

    public Task End => end;

    /// <summary>Whether others wait for it; nobody does for a triggered one.</summary>
    public bool Counts => counts;

    public bool IsCancelled { get; private set; }

    public void Cancel(string reason)
    {
        IsCancelled = true;
        // What becomes of the request shows in the end of the run.
        _ = child.CancelAsync(reason);
    }
}
