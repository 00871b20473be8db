using Perdure.Runtime;

namespace Perdure.Worker;

/// <content>Requests whose time is up. An answer that came in time goes first: one that the store took before a hook of several answers expired may still be unread.</content>
internal sealed partial class RunActor
{
    private List<int>? _expiredBehindMessages;
    private long _readBeforeExpiry;

    /// <summary>The store says that requests have expired, when the run's inbox stood at <paramref name="inbox"/>.</summary>
    private void TakeExpired(IReadOnlyList<int> operations, long inbox, bool hasUnread)
    {
        lock (_gate)
        {
            if (!hasUnread)
            {
                foreach (var operation in operations) Put(new RunMail(RunMailKind.RequestExpired, Number: operation));
                return;
            }
            (_expiredBehindMessages ??= []).AddRange(operations);
            _readBeforeExpiry = inbox;
        }
    }

    /// <summary>Messages were taken. Should the run be loaded anew instead, it asks for the expiry again.</summary>
    private void ExpireBehindMessages(RunMachine machine)
    {
        List<int>? expired;
        lock (_gate)
        {
            if (_pausedBy > 0 || _seen < _readBeforeExpiry) return;
            (expired, _expiredBehindMessages) = (_expiredBehindMessages, null);
        }
        if (expired is null) return;
        foreach (var operation in expired) machine.RequestExpired(operation, _session.Now);
    }
}
