using System.Text.Json;
using System.Text.Json.Nodes;
using Perdure.Torture.Adapter.Interpretation;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Clients;

/// <summary>What clients ask for, done over Perdure's client. Thread safe.</summary>
internal sealed class Requests(IPerdureClient client)
{
    /// <summary>Does what a request asks for. Never throws: an answer says what became of it.</summary>
    public async Task<JsonObject> AnswerAsync(JsonElement request)
    {
        try
        {
            var answer = await ActAsync(request);
            answer["ok"] = true;
            return answer;
        }
        catch (Exception e)
        {
            return Refusals.Describe(e);
        }
    }

    private Task<JsonObject> ActAsync(JsonElement request) => Text(request, "op") switch
    {
        "start" => StartAsync(request),
        "signal" => SignalAsync(request),
        "cancel" => CancelAsync(request),
        "status" => StatusAsync(request),
        "await" => AwaitAsync(request),
        var op => throw new UnsupportedRequestException($"There is no operation '{op}' here."),
    };

    private async Task<JsonObject> StartAsync(JsonElement request)
    {
        var delay = request.TryGetProperty("sched_ms", out var wait) ? wait.GetInt64() : 0;
        var run = await client.StartAsync(TortureWorkflow.Definition, ProgramJson.Read(request.GetProperty("prog")), new StartOptions
        {
            Key = Text(request, "key"), Delay = delay > 0 ? TimeSpan.FromMilliseconds(delay) : null,
        });
        return new() { ["run"] = run.Id, ["new"] = run.WasCreated };
    }

    private async Task<JsonObject> SignalAsync(JsonElement request)
    {
        var mid = Text(request, "mid")!;
        await client.SignalAsync(
            Text(request, "run")!, new Signal<SignalValue>(Text(request, "name")!), new SignalValue(mid, request.GetProperty("v").Clone()), messageId: mid);
        return [];
    }

    private async Task<JsonObject> CancelAsync(JsonElement request)
    {
        var run = Text(request, "run")!;
        var outcome = await client.CancelAsync(run);
        return outcome is CancelOutcome.Recorded or CancelOutcome.AlreadyCancelling
            ? new() { ["cancel"] = "recorded" }
            : new() { ["cancel"] = "already", ["state"] = RunStates.Of(await client.GetAsync(run)) };
    }

    private async Task<JsonObject> StatusAsync(JsonElement request) => Describe(await client.GetAsync(Text(request, "run")!));

    private async Task<JsonObject> AwaitAsync(JsonElement request)
    {
        var run = client.Handle(Text(request, "run")!);
        try
        {
            await run.WaitAsync(TimeSpan.FromMilliseconds(request.GetProperty("ms").GetInt64()), throwIfBlocked: true);
        }
        catch (TimeoutException)
        {
            // Its state is told all the same.
        }
        catch (RunOutcomeException)
        {
            // It ended without a result.
        }
        return Describe(await run.GetAsync());
    }

    private static JsonObject Describe(RunInfo run) => new() { ["state"] = RunStates.Of(run), ["result"] = RunStates.ResultOf(run) };

    private static string? Text(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
