namespace Perdure.Storage.Memory;

/// <summary>A request of a run.</summary>
internal sealed class RequestRow(NewRequest request, Instant createdAt)
{
    public NewRequest Request { get; } = request;

    public RequestState State { get; set; }

    public Instant CreatedAt { get; } = createdAt;

    public Instant AnsweredAt { get; set; } = Instant.Never;

    /// <summary>Ids of the messages that answered it.</summary>
    public List<string> Answers { get; init; } = [];

    /// <summary>The same as a request of another run, which takes what answers are left.</summary>
    public RequestRow Under(int operation) => new(Request with { Operation = operation }, CreatedAt)
    {
        AnsweredAt = AnsweredAt, Answers = Answers, State = State == RequestState.Expired ? State : Answers.Count < Request.MaxAnswers ? RequestState.Pending : RequestState.Answered,
    };

    public RequestRecord ToRecord(RunRow run) => new()
    {
        Run = run.Key, RunId = run.Birth.Id, Operation = Request.Operation, Number = Request.Number, Kind = Request.Kind, Name = Request.Name, State = State,
        CreatedAt = CreatedAt, ExpiresAt = Request.ExpiresAt, MaxAnswers = Request.MaxAnswers, Answers = Answers.Count, AnsweredAt = AnsweredAt,
        Assignee = Request.Assignee, Description = Request.Description,
    };
}
