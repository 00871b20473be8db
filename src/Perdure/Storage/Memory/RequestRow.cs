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

    public RequestRecord ToRecord(RunRow run) => new()
    {
        Run = run.Key, RunId = run.Birth.Id, Operation = Request.Operation, Number = Request.Number, Kind = Request.Kind, Name = Request.Name, State = State,
        CreatedAt = CreatedAt, ExpiresAt = Request.ExpiresAt, MaxAnswers = Request.MaxAnswers, Answers = Answers.Count, AnsweredAt = AnsweredAt,
        Assignee = Request.Assignee, Description = Request.Description,
    };
}
