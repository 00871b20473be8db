using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>Makes rows and first events of children from what their parent asked for.</summary>
internal static class ChildBirths
{
    /// <param name="wish">What was asked for.</param>
    /// <param name="parent">The parent.</param>
    /// <param name="parentKey">Its key.</param>
    /// <param name="key">A reserved key.</param>
    /// <param name="workflows">The workflows of this process, for versions, builds and options.</param>
    public static ChildBirth Build(ChildWish wish, RunSeed parent, long parentKey, long key, WorkflowRegistry workflows)
    {
        var (call, own) = (wish.Call, parent.Settings.Parent);
        var code = call.Version == 0 ? workflows.FindLatest(call.Workflow) : workflows.Find(call.Workflow, call.Version);
        var options = call.Options.Over(code?.Options, parent.Tags);
        var root = own?.Root ?? parent.Id;
        var name = call.Options.Key ?? call.Options.Id;
        return new ChildBirth
        {
            Parent = new RunParent(parent.Id, root),
            IfTaken = name is null ? null : Taken(wish, parentKey, name),
            Birth = new RunBirth
            {
                Key = key,
                Id = wish.Id,
                ChosenId = call.Options.Id is not null,
                Workflow = call.Workflow,
                Version = code?.Version ?? Math.Max(1, call.Version),
                Build = workflows.Build.PinOf(options),
                Queue = options.Queue ?? PerdureDefaults.Queue,
                Priority = options.Priority ?? PerdureDefaults.Priority,
                CreatedAt = wish.At,
                DueAt = wish.At,
                Deadline = options.RunTimeout is { } timeout && timeout != Timeout.InfiniteTimeSpan ? wish.At.Add(timeout) : Instant.Never,
                StartDeadline = call.Options.StartWithin is { } within ? wish.At.Add(within) : Instant.Never,
                ConcurrencyKey = call.Options.ConcurrencyKey,
                StartKey = call.Options.Key,
                KeyFreeAt = call.Options.KeyTtl is { } ttl ? wish.At.Add(ttl) : Instant.Never,
                OnConflict = ConflictPolicy.Fail,
                InputHash = name is null ? default : InputHash.Of(wish.Input).ToArray(),
                Input = wish.Input,
                Options = new RunSettings
                {
                    Retry = options.Retry, Determinism = options.Determinism ?? default, CompensateOnCancel = options.CompensateOnCancel,
                    Parent = new ParentLink(parentKey, parent.Id, wish.Operation, wish.Id, root, (own?.Depth ?? 0) + 1),
                }.Write(),
                Tags = options.Tags,
                MaxCrashes = options.MaxCrashes ?? PerdureDefaults.MaxCrashes,
                EngineSemantics = ReplayRules.Current,
                Events = FirstEvents.Write(wish.Input, wish.At, wish.At),
            },
        };
    }

    private static OutgoingMessage Taken(ChildWish wish, long parent, string name) => new()
    {
        RunKey = parent, Id = $"_taken-{wish.Id}-{wish.Operation}", Kind = MessageKind.ChildEnd, Payload = ChildEnd.NotStarted(wish.Operation, wish.Id, name).Write(),
    };
}
