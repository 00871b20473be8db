using Perdure.Authoring;

namespace Perdure;

/// <summary>What the run that goes on in a run's place has otherwise. What is left null stays as it is. Immutable.</summary>
public sealed record ContinueAsNewOptions
{
    /// <summary>The version of the workflow: how a long-lived run gets to new code.</summary>
    /// <value>Default: the version of the run that ends.</value>
    public int? Version { get; init; }

    /// <summary>The queue; a worker that serves it takes the run.</summary>
    /// <value>Default: that of the run that ends.</value>
    public string? Queue { get; init; }

    /// <summary>The priority within the queue, -1000 to 1000, higher first.</summary>
    /// <value>Default: that of the run that ends.</value>
    public int? Priority { get; init; }

    /// <summary>How long the next run may take, from its own creation; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    /// <value>Default: as long as the run that ends, counted anew.</value>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>Tags, in the place of those of the run that ends.</summary>
    /// <value>Default: the same.</value>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Whether the next run begins with the data (<see cref="WorkflowContext.Data"/>) of the run that ends.</summary>
    /// <value>Default: false; it begins without any.</value>
    public bool KeepData { get; init; }

    internal void Validate()
    {
        if (Version is < 1) throw new InvalidOptionException("ContinueAsNewOptions.Version", "A workflow's version is at least 1.");
        if (Queue is not null) Names.Validate(NameKind.Queue, Queue);
        OptionRules.CheckPriority("ContinueAsNewOptions.Priority", Priority);
        OptionRules.CheckLimit("ContinueAsNewOptions.RunTimeout", RunTimeout);
        OptionRules.CheckTags("ContinueAsNewOptions.Tags", Tags);
    }
}
