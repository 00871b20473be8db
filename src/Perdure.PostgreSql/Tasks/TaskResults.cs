using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Tasks;

/// <summary>Ends attempts, and keeps running ones informed.</summary>
internal sealed class TaskResults(Database database)
{
    private readonly string _complete = database.Sql("SELECT ord FROM {schema}.complete_tasks($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    private readonly string _beat = database.Sql("SELECT ord FROM {schema}.beat_tasks($1, $2, $3, $4, $5)");

    public Task<TaskReport> CompleteAsync(LaneStamp stamp, IReadOnlyList<TaskCompletion> completions, CancellationToken cancellationToken) => database.AskAsync(
        "complete tasks", (this, stamp, completions),
        static (question, state) => state.Item1.Ask(question, state.stamp, state.completions),
        static async (reader, state, token) =>
        {
            var accepted = new bool[state.completions.Count];
            var alive = false;
            while (await reader.ReadAsync(token))
            {
                var ordinal = reader.GetInt32(0);
                if (ordinal == 0) alive = true;
                else accepted[ordinal - 1] = true;
            }
            return new TaskReport(Fenced: !alive, alive ? accepted : []);
        },
        cancellationToken);

    public async Task<TaskPulse> BeatAsync(long worker, IReadOnlyList<TaskBeat> beats, CancellationToken cancellationToken)
    {
        if (beats.Count == 0) return new([]);
        return await database.AskAsync(
            "store heartbeats", (this, worker, beats),
            static (question, state) => state.Item1.Ask(question, state.worker, state.beats),
            static async (reader, state, token) =>
            {
                var stop = new List<TaskAttempt>();
                while (await reader.ReadAsync(token)) stop.Add(state.beats[reader.GetInt32(0) - 1].Attempt);
                return new TaskPulse(stop);
            },
            cancellationToken);
    }

    private void Ask(Question question, in LaneStamp stamp, IReadOnlyList<TaskCompletion> completions)
    {
        var count = completions.Count;
        var (runs, operations, tokens, kinds) = (new long[count], new int[count], new long[count], new int[count]);
        var (ids, names) = (new string?[count], new string?[count]);
        var payloads = new List<ReadOnlyMemory<byte>>(count);
        for (var i = 0; i < count; i++)
        {
            var (attempt, result) = completions[i];
            (runs[i], operations[i], tokens[i]) = (attempt.Run, attempt.Operation, attempt.Token);
            (ids[i], kinds[i], names[i]) = (FreeText.Write(result.Id), (int)result.Kind, result.Name);
            payloads.Add(result.Payload);
        }
        question.Say(_complete).Give(stamp.Worker).Give(stamp.Lane).Give(stamp.Number).Give(stamp.Previous)
            .Give(runs).Give(operations).Give(tokens).Give(ids).Give(kinds).Give(names).Give(payloads);
    }

    private void Ask(Question question, long worker, IReadOnlyList<TaskBeat> beats)
    {
        var count = beats.Count;
        var (runs, operations, tokens) = (new long[count], new int[count], new long[count]);
        var details = new List<ReadOnlyMemory<byte>>(count);
        for (var i = 0; i < count; i++)
        {
            (runs[i], operations[i], tokens[i]) = (beats[i].Attempt.Run, beats[i].Attempt.Operation, beats[i].Attempt.Token);
            details.Add(beats[i].Details);
        }
        question.Say(_beat).Give(worker).Give(runs).Give(operations).Give(tokens).Give(details);
    }
}
