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
        "signal_start" => SignalWithStartAsync(request),
        "status" => StatusAsync(request),
        "await" => AwaitAsync(request),
        "cron_put" => PutScheduleAsync(request),
        "cron_del" => DeleteScheduleAsync(request),
        var op => throw new UnsupportedRequestException($"There is no operation '{op}' here."),
    };

    private async Task<JsonObject> StartAsync(JsonElement request) => await StartedAsync(
        await client.StartAsync(TortureWorkflow.Definition, ProgramJson.Read(request.GetProperty("prog")), OptionsOf(request)));

    private async Task<JsonObject> SignalWithStartAsync(JsonElement request)
    {
        var (signal, value, mid) = SignalOf(request);
        return await StartedAsync(
            await client.SignalWithStartAsync(TortureWorkflow.Definition, ProgramJson.Read(request.GetProperty("prog")), signal, value, OptionsOf(request), mid));
    }

    /// <summary>What was there already may have gone on as new since.</summary>
    private async Task<JsonObject> StartedAsync(RunHandle run) =>
        new() { ["run"] = run.WasCreated ? run.Id : await Chains.IdOfAsync(client, run.Id), ["new"] = run.WasCreated };

    private static StartOptions OptionsOf(JsonElement request)
    {
        var delay = request.TryGetProperty("sched_ms", out var wait) ? wait.GetInt64() : 0;
        return new StartOptions { Key = Text(request, "key"), Delay = delay > 0 ? TimeSpan.FromMilliseconds(delay) : null };
    }

    private async Task<JsonObject> SignalAsync(JsonElement request)
    {
        var (signal, value, mid) = SignalOf(request);
        await client.SignalAsync(Text(request, "run")!, signal, value, mid);
        return [];
    }

    private static (Signal<SignalValue> Signal, SignalValue Value, string Mid) SignalOf(JsonElement request)
    {
        var mid = Text(request, "mid")!;
        return (new Signal<SignalValue>(Text(request, "name")!), new SignalValue(mid, request.GetProperty("v").Clone()), mid);
    }

    private async Task<JsonObject> CancelAsync(JsonElement request)
    {
        var run = Text(request, "run")!;
        var outcome = await client.CancelAsync(run);
        return outcome is CancelOutcome.Recorded or CancelOutcome.AlreadyCancelling
            ? new() { ["cancel"] = "recorded" }
            : new() { ["cancel"] = "already", ["state"] = RunStates.Of(await Chains.ReadLastAsync(client, run)) };
    }

    private async Task<JsonObject> StatusAsync(JsonElement request) => Describe(await Chains.ReadLastAsync(client, Text(request, "run")!));

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
        return Describe(await Chains.ReadLastAsync(client, run.Id));
    }

    /// <summary>The same again changes nothing, so a request whose outcome is unknown can be repeated.</summary>
    private async Task<JsonObject> PutScheduleAsync(JsonElement request)
    {
        await client.Schedules.UpdateAsync(
            Text(request, "sched")!, ScheduleTimes.Cron(Text(request, "cron")!), TortureWorkflow.Definition, ProgramJson.Read(request.GetProperty("prog")), new ScheduleOptions
            {
                Zone = Text(request, "tz") ?? "UTC", CatchUp = ScheduleCatchUp.One,
                Overlap = Text(request, "overlap") == "skip" ? ScheduleOverlap.Skip : ScheduleOverlap.AllowAll,
            });
        return [];
    }

    private async Task<JsonObject> DeleteScheduleAsync(JsonElement request)
    {
        try
        {
            await client.Schedules.DeleteAsync(Text(request, "sched")!);
        }
        catch (ScheduleNotFoundException)
        {
            // An earlier copy of this request, whose answer was lost, has done it.
        }
        return [];
    }

    private static JsonObject Describe(RunInfo run) => new() { ["state"] = RunStates.Of(run), ["result"] = RunStates.ResultOf(run) };

    private static string? Text(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
