using System.Text.Json;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Rows as callers see them.</summary>
internal static class RunReader
{
    private static readonly Dictionary<string, string> None = [];

    public static RunInfo Show(RunRecord row, PayloadCodec codec)
    {
        var (reason, detail) = ReadBlocked(row);
        var settings = RunSettings.Read(row.Options);
        return new RunInfo
        {
            Id = row.Id, Workflow = row.Workflow, Version = row.Version, Build = row.Build, Status = row.Status, Phase = row.Phase, Queue = row.Queue, Priority = row.Priority,
            CreatedAt = row.CreatedAt.ToDateTimeOffset(), UpdatedAt = row.UpdatedAt.ToDateTimeOffset(), ClosedAt = Show(row.ClosedAt),
            DueAt = row.Status.IsTerminal() ? null : Show(row.DueAt), Deadline = Show(row.Deadline), Key = row.StartKey, Tags = row.Tags,
            Metadata = settings.Metadata ?? None, ParentId = settings.Parent?.Id, RootId = settings.Parent?.Root, ContinuedFrom = settings.Continued?.Id, ContinuedAs = row.Status == RunStatus.ContinuedAsNew ? RunEnd.Of(row).Next : null,
            Input = StoredJson.Read(row.Input),
            Result = row.Status == RunStatus.Completed ? StoredJson.Read(row.Result) : null,
            Error = row.Status.IsTerminal() ? RunError.Read(row.Failure) : null,
            Compensated = row.Status.IsTerminal() && !row.Failure.IsEmpty && Failure.Decode(row.Failure.Span).Compensated,
            WaitingFor = ReadWaits(row), BlockedReason = reason, BlockedDetail = detail,
            Published = StoredJson.ReadMembers(row.Published), Data = new RunDataView(DataValues.Read(row.Data), codec), Crashes = row.Crashes,
        };
    }

    public static RunSummary Show(RunSummaryRecord row) => new()
    {
        Id = row.Id, Workflow = row.Workflow, Version = row.Version, Status = row.Status, Phase = row.Phase, Queue = row.Queue, Priority = row.Priority,
        CreatedAt = row.CreatedAt.ToDateTimeOffset(), UpdatedAt = row.UpdatedAt.ToDateTimeOffset(), ClosedAt = Show(row.ClosedAt),
        DueAt = row.Status.IsTerminal() ? null : Show(row.DueAt), Key = row.StartKey, Tags = row.Tags,
    };

    /// <summary>The answer to the query <c>status</c>, which every run answers.</summary>
    public static JsonElement ShowStatus(RunInfo run)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", run.Id);
            json.WriteString("workflow", run.Workflow);
            json.WriteNumber("version", run.Version);
            json.WriteString("status", run.Status.ToString());
            json.WriteString("phase", run.Phase.ToString());
            WriteValue(json, "result", run.Result);
            WriteError(json, run.Error);
            WriteWaits(json, "waitingFor", run.WaitingFor, kind: null);
            WriteWaits(json, "pendingActivities", run.WaitingFor, "activity");
            WriteWaits(json, "timers", run.WaitingFor, "timer");
            WriteWaits(json, "inputs", run.WaitingFor, "input");
            WriteWaits(json, "hooks", run.WaitingFor, "hook");
            if (run.BlockedReason is not null)
            {
                json.WriteString("blockedReason", run.BlockedReason);
                json.WriteString("blockedDetail", run.BlockedDetail);
            }
            json.WriteEndObject();
        }
        return StoredJson.Read(buffer.WrittenMemory);
    }

    private static void WriteValue(Utf8JsonWriter json, string name, JsonElement? value)
    {
        json.WritePropertyName(name);
        if (value is { } element) element.WriteTo(json);
        else json.WriteNullValue();
    }

    private static void WriteError(Utf8JsonWriter json, RunError? error)
    {
        if (error is null)
        {
            json.WriteNull("error");
            return;
        }
        json.WriteStartObject("error");
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
        WriteValue(json, "details", error.Details);
        json.WriteEndObject();
    }

    private static void WriteWaits(Utf8JsonWriter json, string name, IReadOnlyList<RunWait> waits, string? kind)
    {
        json.WriteStartArray(name);
        foreach (var wait in waits)
        {
            if (kind is not null && wait.Kind != kind) continue;
            json.WriteStartObject();
            json.WriteString("kind", wait.Kind);
            json.WriteString("name", wait.Name);
            if (wait.Due is { } due) json.WriteString("due", due);
            else json.WriteNull("due");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static RunWait[] ReadWaits(RunRecord row)
    {
        if (row.Status is not (RunStatus.Suspended or RunStatus.Paused) || row.Waiting.IsEmpty) return [];
        var waits = RunJson.ReadWaits(row.Waiting);
        var shown = new RunWait[waits.Count];
        for (var i = 0; i < shown.Length; i++) shown[i] = new RunWait(waits[i].Kind, waits[i].Name, waits[i].Due);
        return shown;
    }

    private static (string? Reason, string? Detail) ReadBlocked(RunRecord row)
    {
        if (row.Status != RunStatus.Blocked || row.Waiting.IsEmpty) return (null, null);
        var waiting = StoredJson.Read(row.Waiting);
        return (waiting.GetProperty("reason").GetString(), waiting.TryGetProperty("detail", out var detail) ? detail.GetString() : null);
    }

    private static DateTimeOffset? Show(Instant instant) => instant.IsNever ? null : instant.ToDateTimeOffset();
}
