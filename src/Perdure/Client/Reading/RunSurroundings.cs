using Perdure.Storage;

namespace Perdure.Client;

/// <summary>What stands around a run and may keep it from moving.</summary>
/// <param name="Queue">Its queue.</param>
/// <param name="Holders">Some of the runs of its queue that workers have in their hands.</param>
/// <param name="KnowsAllHolders">Whether those are all.</param>
/// <param name="Crowded">Other queues on which activities wait that nobody takes because of a rule.</param>
/// <param name="Children">Children in its way.</param>
/// <param name="Workers">Who could take it, or its activities.</param>
/// <param name="Tasks">Its activities that are queued or run.</param>
internal sealed record RunSurroundings(
    QueueInfo Queue, IReadOnlyList<RunRecord> Holders, bool KnowsAllHolders, IReadOnlyList<QueueInfo> Crowded, IReadOnlyList<RunInfo> Children,
    WorkerReasons Workers, IReadOnlyList<TaskRecord> Tasks);
