namespace Perdure.Authoring;

/// <summary>What the runtime knows of a hook.</summary>
internal interface IHookReceipts<T>
{
    string Name { get; }

    string Token { get; }

    string Url { get; }

    DateTimeOffset? ExpiresAt { get; }

    /// <summary>Stands for the hook where it is cancelled like any other operation.</summary>
    Task Identity { get; }

    /// <summary>The next answer, or that the hook has expired.</summary>
    Task<Received<T>> Receive();
}
