using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <content>Bugs in answers to requests.</content>
internal sealed partial class DefectiveStore
{
    public Task<AnswerOutcome> AnswerRequest(MemoryStore store, RequestAnswer answer)
    {
        if (defect == Defect.AnsweredTwice && store.Runs.Find(answer.Message.RunKey) is { } run && RequestTable.Find(run, answer.Operation) is { State: RequestState.Answered } row
            && !row.Answers.Contains(answer.Message.Id))
        {
            row.State = RequestState.Pending;
            row.Answers.Clear();
        }
        return store.AnswerRequestAsync(answer, default);
    }
}
