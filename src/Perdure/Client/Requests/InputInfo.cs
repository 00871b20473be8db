namespace Perdure;

/// <summary>A question to people as its row stood at one instant. Immutable. All instants are on the store's clock.</summary>
public sealed record InputInfo
{
    /// <summary>Names this very question: an answer that carries it is not taken for a later question of the same name.</summary>
    public required string RequestId { get; init; }

    /// <summary>The run that asks.</summary>
    public required string RunId { get; init; }

    /// <summary>Its name in the run.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required InputStatus Status { get; init; }

    /// <summary>What kind of answer is asked for.</summary>
    public required InputKind Kind { get; init; }

    /// <summary>The question.</summary>
    public required string Prompt { get; init; }

    /// <summary>What may be chosen; empty unless something is to be chosen.</summary>
    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>The fields of a form; empty for everything else.</summary>
    public required IReadOnlyList<InputField> Fields { get; init; }

    /// <summary>What else the workflow wants to be shown.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Words to sort questions by.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Whom it is meant for; null for nobody in particular.</summary>
    public required string? Assignee { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its time is up; null for never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was answered; null when it was not.</summary>
    public required DateTimeOffset? ProvidedAt { get; init; }
}

/// <summary>Which questions to list. What is left out does not filter. Immutable.</summary>
public sealed record InputFilter
{
    /// <summary>Only in this state; null for any.</summary>
    /// <value>Default: <see cref="InputStatus.Pending"/>.</value>
    public InputStatus? Status { get; init; } = InputStatus.Pending;

    /// <summary>Only of this run.</summary>
    /// <value>Default: any.</value>
    public string? RunId { get; init; }

    /// <summary>Only meant for this person.</summary>
    /// <value>Default: any.</value>
    public string? Assignee { get; init; }

    /// <summary>Only those whose time is up within this time from now.</summary>
    /// <value>Default: any.</value>
    public TimeSpan? ExpiringWithin { get; init; }

    /// <summary>Questions of a page, 1 to 1,000.</summary>
    /// <value>Default: 50.</value>
    public int Limit { get; init; } = PerdureDefaults.ListLimit;

    /// <summary>Where to go on: <see cref="InputList.Next"/> of the page before.</summary>
    /// <value>Default: from the beginning.</value>
    public string? After { get; init; }
}

/// <summary>A page of questions, in the order in which their time is up.</summary>
/// <param name="Inputs">The questions.</param>
/// <param name="Next">What to give as <see cref="InputFilter.After"/> for the next page; null at the end.</param>
public sealed record InputList(IReadOnlyList<InputInfo> Inputs, string? Next);
