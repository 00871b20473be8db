using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>The row of a run that is being born, as its store will write it.</summary>
internal static class Rows
{
    public static RunRecord Of(RunBirth birth, long owner) => new()
    {
        Key = birth.Key, Id = birth.Id, Workflow = birth.Workflow, Version = birth.Version, Build = birth.Build, Queue = birth.Queue, Priority = birth.Priority,
        Status = RunStatus.Running, Phase = RunPhase.Normal, Owner = owner, Term = 1, Events = birth.Events.Count, Inbox = 0, DueAt = birth.DueAt,
        Crashes = 0, Losses = 0, MaxCrashes = birth.MaxCrashes, CreatedAt = birth.CreatedAt, UpdatedAt = birth.CreatedAt, Deadline = birth.Deadline,
        ConcurrencyKey = birth.ConcurrencyKey, EngineSemantics = birth.EngineSemantics, StartKey = birth.StartKey, Options = birth.Options, Input = birth.Input,
        Tags = birth.Tags ?? NoTags,
    };

    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();
}
