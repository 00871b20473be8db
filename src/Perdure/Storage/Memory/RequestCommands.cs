namespace Perdure.Storage.Memory;

/// <summary>Answers to requests: the first one that fits wins, and becomes a message.</summary>
internal sealed class RequestCommands(RunTable runs, MessageCommands messages)
{
    public AnswerOutcome Answer(RequestAnswer answer, Instant now)
    {
        if (runs.Find(answer.Message.RunKey) is not { } run || RequestTable.Find(run, answer.Operation) is not { } row || row.Request.Number != answer.Number)
            return new AnswerOutcome(AnswerVerdict.NotFound, null);
        if (Judge(run, row, answer, now) is { } verdict) return new AnswerOutcome(verdict, run.Status);
        row.Answers.Add(answer.Message.Id);
        row.AnsweredAt = now;
        if (row.Answers.Count >= row.Request.MaxAnswers) row.State = RequestState.Answered;
        messages.Post(answer.Message, run, MessageBox.NoOperation, now);
        return new AnswerOutcome(AnswerVerdict.Accepted, run.Status);
    }

    /// <summary>Why the answer is not taken, or that it was taken before; null when it is to be taken.</summary>
    private static AnswerVerdict? Judge(RunRow run, RequestRow row, RequestAnswer answer, Instant now)
    {
        if (row.Answers.Contains(answer.Message.Id)) return AnswerVerdict.Accepted;
        if (row.State == RequestState.Answered) return AnswerVerdict.AlreadyAnswered;
        if (run.Status.IsTerminal()) return AnswerVerdict.Closed;
        return row.State switch
        {
            RequestState.Expired => AnswerVerdict.Expired,
            RequestState.Withdrawn => AnswerVerdict.Withdrawn,
            _ => row.Request.ExpiresAt <= now ? AnswerVerdict.Expired : null,
        };
    }
}
