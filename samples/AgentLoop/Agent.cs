namespace Perdure.Samples.AgentLoop;

/// <summary>
/// An agent: it asks a model what to do, does it, and tells the model what came of it, until there is an answer. Each call of the model and of a tool is a step, so
/// a crash repeats none that has answered; what moves money is asked of a person first, however long that takes.
/// </summary>
internal static class Agent
{
    public static readonly WorkflowDefinition<string, string> Definition = new("agent");

    private const int MostTurns = 10;

    public static async Task<string> RunAsync(WorkflowContext ctx, string task)
    {
        List<string> talk = [task];
        for (var turn = 1; turn <= MostTurns; turn++)
        {
            var move = await ctx.StepAsync($"model-{turn}", (ModelApi model, StepInfo step, CancellationToken ct) => model.AskAsync(talk, step.IdempotencyKey, ct));
            if (move.Answer is { } answer) return answer;

            if (move.NeedsApproval && !await ctx.RequestApprovalAsync($"approve-{turn}", $"May the agent call {move.Tool}({move.Input})?"))
            {
                talk.Add($"{move.Tool}: a person refused it");
                continue;
            }
            var result = await ctx.StepAsync($"{move.Tool}-{turn}", (ModelApi api, StepInfo step, CancellationToken ct) => api.CallToolAsync(move.Tool!, move.Input!, step.IdempotencyKey, ct));
            talk.Add($"{move.Tool}: {result}");
        }
        throw new WorkflowFailureException("no-answer", $"No answer after {MostTurns} turns.");
    }
}

/// <summary>What the model wants next: an answer, or a tool with its input.</summary>
internal sealed record Move(string? Answer = null, string? Tool = null, string? Input = null, bool NeedsApproval = false);
