using System.Diagnostics;
using Perdure.Files.Folders;
using Perdure.Files.Owning;

namespace Perdure.Files.Inbox;

/// <summary>
/// Calls of a store that does not own its folder: through the inbox. While nobody owns it, the caller does for a moment, and serves the inbox itself. Waits in real time,
/// because the owner does. Thread safe.
/// </summary>
internal sealed class InboxClient(string root, Func<FolderOwner?> tryOwn)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan OwnerPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="StoreException">The owner refused, or did not answer.</exception>
    public async Task<Answer> AskAsync(Request request, CancellationToken cancellationToken)
    {
        var name = Send(request);
        try
        {
            var waited = Stopwatch.StartNew();
            for (var nextLook = TimeSpan.Zero; ;)
            {
                if (InboxFiles.TryTakeAnswer(root, name) is { } answer) return answer.Fault is { } fault ? throw new StoreException(fault, answer.Message!) : answer;
                if (waited.Elapsed >= nextLook)
                {
                    if (TryServe()) continue;
                    nextLook = waited.Elapsed + OwnerPoll;
                }
                if (waited.Elapsed > Patience)
                    throw new StoreException(StoreFault.Unknown, $"The owner of '{root}', {OwnerLock.DescribeHolder(root)}, has not answered for {Patience.TotalSeconds} s.");
                await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            throw Faults.Unknown("ask its owner", root, e);
        }
        catch (Exception e) when (e is OperationCanceledException or StoreException { Fault: StoreFault.Unknown })
        {
            InboxFiles.Withdraw(root, name);
            throw;
        }
    }

    private string Send(Request request)
    {
        try
        {
            return InboxFiles.Send(root, request);
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            throw Faults.Refused("leave a request", root, e);
        }
    }

    private bool TryServe()
    {
        using var owner = tryOwn();
        return owner?.ServeInbox() == true;
    }
}
