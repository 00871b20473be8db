namespace Perdure;

/// <summary>A hook as its row stood at one instant; its token is nowhere. Immutable. All instants are on the store's clock.</summary>
public sealed record HookInfo
{
    /// <summary>The run that waits for it.</summary>
    public required string RunId { get; init; }

    /// <summary>Its name in the run.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required HookStatus Status { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires; null when it does not.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How many answers it takes.</summary>
    public required int MaxReceipts { get; init; }

    /// <summary>How many it has got.</summary>
    public required int Receipts { get; init; }

    /// <summary>When it was answered last; null when it was not.</summary>
    public required DateTimeOffset? ReceivedAt { get; init; }
}

/// <summary>Which hooks to list. What is left out does not filter. Immutable.</summary>
public sealed record HookFilter
{
    /// <summary>Only in this state.</summary>
    /// <value>Default: any.</value>
    public HookStatus? Status { get; init; }

    /// <summary>Only of this run.</summary>
    /// <value>Default: any.</value>
    public string? RunId { get; init; }

    /// <summary>Only those that expire within this time from now.</summary>
    /// <value>Default: any.</value>
    public TimeSpan? ExpiringWithin { get; init; }

    /// <summary>Hooks of a page, 1 to 1,000.</summary>
    /// <value>Default: 50.</value>
    public int Limit { get; init; } = PerdureDefaults.ListLimit;

    /// <summary>Where to go on: <see cref="HookList.Next"/> of the page before.</summary>
    /// <value>Default: from the beginning.</value>
    public string? After { get; init; }
}

/// <summary>A page of hooks, in the order in which they expire.</summary>
/// <param name="Hooks">The hooks.</param>
/// <param name="Next">What to give as <see cref="HookFilter.After"/> for the next page; null at the end.</param>
public sealed record HookList(IReadOnlyList<HookInfo> Hooks, string? Next);
