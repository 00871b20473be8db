using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Makes the row and the first event of a run from a checked start.</summary>
internal static class BirthBuilder
{
    /// <param name="request">The start.</param>
    /// <param name="id">Public id: the caller's, or a new one.</param>
    /// <param name="key">A reserved key.</param>
    /// <param name="now">The store's clock.</param>
    public static RunBirth Build(StartRequest request, string id, long key, Instant now)
    {
        var (start, options) = (request.Start, request.Options);
        var due = start.Delay is { } delay ? now.Add(delay)
            : start.ScheduledAt is { } at ? Instant.Max(now, Instant.From(at))
            : now;
        return new RunBirth
        {
            Key = key,
            Id = id,
            ChosenId = start.Id is not null,
            Workflow = request.Workflow,
            Version = request.Version,
            Build = request.Build,
            Queue = options.Queue ?? PerdureDefaults.Queue,
            Priority = options.Priority ?? PerdureDefaults.Priority,
            CreatedAt = now,
            DueAt = due,
            Deadline = options.RunTimeout is { } timeout && timeout != Timeout.InfiniteTimeSpan ? due.Add(timeout) : Instant.Never,
            StartDeadline = start.StartWithin is { } within ? due.Add(within) : Instant.Never,
            ConcurrencyKey = start.ConcurrencyKey,
            StartKey = start.Key,
            KeyFreeAt = start.KeyTtl is { } ttl ? now.Add(ttl) : Instant.Never,
            OnConflict = start.OnConflict,
            // Only who names a run, or a key, can ask for the same one again.
            InputHash = start.Id is null && start.Key is null ? default : InputHash.Of(request.Input).ToArray(),
            Input = request.Input,
            Options = new RunSettings { Retry = options.Retry, Determinism = options.Determinism ?? default, CompensateOnCancel = options.CompensateOnCancel, Metadata = start.Metadata }.Write(),
            Tags = options.Tags,
            MaxCrashes = options.MaxCrashes ?? PerdureDefaults.MaxCrashes,
            EngineSemantics = ReplayRules.Current,
            Events = FirstEvents.Write(request.Input, now, due),
        };
    }
}
