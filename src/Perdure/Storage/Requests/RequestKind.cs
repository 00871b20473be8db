namespace Perdure.Storage;

/// <summary>What a request of a run is. Values are stored.</summary>
public enum RequestKind
{
    /// <summary>A callback that is addressed by a token.</summary>
    Hook = 1,
    /// <summary>A question to people, addressed by its run and name.</summary>
    Input = 2,
}

/// <summary>Where a request stands. Values are stored.</summary>
public enum RequestState
{
    /// <summary>It takes answers.</summary>
    Pending = 0,
    /// <summary>It has all its answers.</summary>
    Answered = 1,
    /// <summary>Its time passed first.</summary>
    Expired = 2,
    /// <summary>Nobody waits for it any more: the code gave it up, or the run has ended.</summary>
    Withdrawn = 3,
}
