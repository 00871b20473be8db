namespace Perdure.Stores.Tests.Differential;

/// <summary>Counts what happened, so that a stream that never reached something is not taken for proof of it.</summary>
internal sealed class Coverage
{
    private static readonly string[] Expected =
    [
        "commit Committed", "commit Fenced", "commit Fenced after resolve", "commit Data",
        "refused NotOwned", "refused UnreadMessages", "refused TooEarly", "refused StaleTask", "refused QueueHeld",
        "closed", "not closed", "released", "not released", "tasks cancelled", "bundle only appended", "message consumed",
        "birth Created", "birth Existing", "birth AlreadyExists", "birth KeyConflict", "birth deleted",
        "resolve True", "resolve False", "group recalled", "run claim recalled", "task claim recalled",
        "runs claimed", "runs None", "runs Fenced", "claimed suspect", "claimed with messages", "claimed by one of several builds",
        "tasks claimed", "tasks None", "tasks Fenced", "task expired", "task crashed",
        "complete True", "complete False", "complete Fenced", "beat Stop", "beat Go",
        "post Accepted", "post Duplicate", "post Closed", "post NotFound", "post Full",
        "signalled start Accepted", "signalled start Duplicate", "signalled start Closed", "signalled start Nobody", "signalled start Full",
        "answer Accepted", "answer NotFound", "answer AlreadyAnswered", "answer Expired", "answer Withdrawn", "answer Closed", "requests expired",
        "reopen Accepted", "reopen Duplicate", "reopen Closed", "reopen NotFound", "reopen ParentLive", "delete Deleted", "delete Live", "delete InUse", "delete NotFound",
        "child asked for", "child born", "child taken", "successor born", "message from a run",
        "keys none", "keys more", "keys forgotten",
        "purge nothing", "purge counted", "purge deleted", "purge goes on", "turn True", "turn False",
        "renew True", "renew False", "marked dead", "runs freed", "tasks freed", "retired", "registered again", "messages read",
        "page ended", "page goes on",
        "tasks to withdraw none", "tasks to withdraw some", "withdrawn True", "withdrawn False",
        "worker paused", "worker resumed", "worker unknown", "change of a worker too late", "paused again under another key", "runs held back from a paused worker",
        "queue paused", "queue limited", "queue free", "claimed with a slot", "claimed only to be ended", "task with a slot",
    ];

    private readonly Dictionary<string, int> _counts = [];

    public void Note(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    public void Note(string what, bool happened)
    {
        if (happened) Note(what);
    }

    public void AssertComplete(int enough)
    {
        Assert.Empty(_counts.Keys.Except(Expected).Order());
        var rare = Expected.Where(what => _counts.GetValueOrDefault(what) < enough);
        var missing = rare.Select(what => $"{what}: {_counts.GetValueOrDefault(what)}");
        Assert.True(!missing.Any(), $"Inconclusive. Needed {enough} times each: {string.Join(", ", missing)}");
    }
}
