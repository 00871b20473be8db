using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>Makes the row and the first events of a run that goes on in another's place.</summary>
internal static class SuccessorBirths
{
    /// <param name="next">What goes on.</param>
    /// <param name="before">The run that ends.</param>
    /// <param name="key">A reserved key.</param>
    /// <param name="now">The store's clock.</param>
    /// <param name="build">Which build this process is.</param>
    public static RunBirth Build(Continuation next, RunSeed before, long key, Instant now, CodeBuild build)
    {
        var options = next.Options ?? new ContinueAsNewOptions();
        var timeout = options.RunTimeout ?? next.Timeout;
        return new RunBirth
        {
            Key = key,
            Id = next.Id,
            Workflow = before.Workflow,
            Version = options.Version ?? before.Version,
            Build = build.PinAfter(before.Build),
            Queue = options.Queue ?? before.Queue,
            Priority = options.Priority ?? before.Priority,
            CreatedAt = now,
            DueAt = now,
            Deadline = timeout is { } limit && limit != Timeout.InfiniteTimeSpan ? now.Add(limit) : Instant.Never,
            ConcurrencyKey = before.ConcurrencyKey,
            InputHash = default,
            Input = next.Input,
            Options = (before.Settings with { Continued = next.From }).Write(),
            Tags = options.Tags ?? (before.Tags.Count == 0 ? null : before.Tags),
            MaxCrashes = before.MaxCrashes,
            EngineSemantics = ReplayRules.Current,
            Events = FirstEvents.Write(next.Input, now, next.Signals, hasData: next.From.Data is not null),
        };
    }
}
