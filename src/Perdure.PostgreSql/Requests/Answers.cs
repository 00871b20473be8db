using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Requests;

/// <summary>Answers to requests: the first one that fits wins, and becomes a message.</summary>
internal sealed class Answers(Database database)
{
    private readonly string _answer = database.Sql("SELECT verdict, status FROM {schema}.answer_request($1, $2, $3, $4, $5, $6, $7, $8)");

    public Task<AnswerOutcome> AnswerAsync(RequestAnswer answer, CancellationToken cancellationToken) => database.AskAsync(
        "answer a request", (this, answer),
        static (question, state) =>
        {
            var message = state.answer.Message;
            question.Say(state.Item1._answer).Give(message.RunKey).Give(state.answer.Operation).Give(state.answer.Number)
                .Give(FreeText.Write(message.Id)).Give((int)message.Kind).Give(message.Name).Give(message.Payload).Give(PerdureDefaults.MaxPendingSignals);
        },
        static async (reader, _, token) =>
        {
            await reader.ReadAsync(token);
            return new AnswerOutcome((AnswerVerdict)reader.GetInt32(0), reader.IsDBNull(1) ? null : (RunStatus)reader.GetInt32(1));
        },
        cancellationToken);
}
