using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Waits for signals and requests that somebody outside ends.</content>
internal sealed partial class RunMachine
{
    /// <summary>Somebody ends a wait. False: it is over already, or the order is known or meant for another run; then nothing of it is written.</summary>
    public bool WaitEnded(string messageId, WaitOrder order, Instant now)
    {
        if (Ending is not null || _main is not { IsCompleted: false } || order.Run != _seed.Id || FindWait(order.Wait) is not { } wait || !Note(messageId, Instant.Earliest)) return false;
        _now = now;
        if (wait is RequestOperation asked) Draft.WithdrawRequest(asked.Row);
        Turn(new EventRecord
        {
            Kind = CancelEventOf(wait), Operation = wait.Number, Name = wait.Name, Source = wait.SourceText, Note = messageId, Data = RunJson.Write(new WaitEnd(order.Reason)),
        });
        return true;
    }

    private Operation? FindWait(int opened)
    {
        for (var i = 0; i < _open.Count; i++)
            if (_open[i] is WaitOperation wait && wait.Opened == opened || _open[i] is RequestOperation request && request.Opened == opened) return _open[i];
        return null;
    }

    private void ApplyWaitEnd(in EventRecord e)
    {
        var ended = Expect<Operation>(e);
        var exception = new WaitCancelledException(ended.Name, RunJson.ReadWaitEnd(e.Data).Reason);
        if (ended is WaitOperation { Group: { } group })
        {
            // A wait for all of several cannot succeed any more: the code is told now, not when the others have ended too.
            foreach (var other in group.Waits)
            {
                if (other.IsDone || other == ended) continue;
                EmitCancelled(other);
                Fail(other, exception);
            }
        }
        Fail(ended, exception);
    }
}
