using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <summary>The commands in which a bug can be planted; without one they do what they should.</summary>
internal sealed class DefectiveStore(Defect? defect)
{
    public Defect? Defect { get; } = defect;

    public Task<FenceReport> FenceDead(MemoryStore store, int batch) => store.FenceDeadWorkersAsync(batch, default);

    public Task<GroupOutcome> CommitGroup(MemoryStore store, RunGroup group) => store.CommitGroupAsync(group, default);

    public Task<bool> Resolve(MemoryStore store, long worker, int lane, long number) => store.ResolveAsync(worker, lane, number, default);

    public Task<GroupOutcome> RecallGroup(MemoryStore store, RunGroup group) => store.RecallGroupAsync(group, default);

    public Task<IReadOnlyList<BirthOutcome>> StartRuns(MemoryStore store, IReadOnlyList<RunBirth> births) => store.StartRunsAsync(births, default);

    public Task<IReadOnlyList<PostOutcome>> Post(MemoryStore store, IReadOnlyList<OutgoingMessage> messages) => store.PostMessagesAsync(messages, default);

    public Task<ClaimedRuns> ClaimRuns(MemoryStore store, RunClaim claim) => store.ClaimRunsAsync(claim, default);

    public Task<IReadOnlyList<Inbox>> ReadMessages(MemoryStore store, long worker, IReadOnlyList<long>? runs) => store.ReadMessagesAsync(worker, runs, default);

    public Task<TaskReport> CompleteTasks(MemoryStore store, LaneStamp stamp, IReadOnlyList<TaskCompletion> completions) =>
        store.CompleteTasksAsync(stamp, completions, default);
}
