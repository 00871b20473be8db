using Perdure.Sqlite.Messages;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Requests;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Journal;

/// <summary>What follows from the bundles of a group once all of them are written: children, successors, and messages to other runs.</summary>
internal static class Sequels
{
    private static readonly Sql SelectInbox = new("SELECT inbox FROM perdure_run WHERE key = ?1");

    /// <summary>Whether the group brings anything that follows; the ordinary one does not.</summary>
    public static bool Exist(IReadOnlyList<RunBundle> bundles)
    {
        for (var i = 0; i < bundles.Count; i++)
        {
            if (bundles[i].Children.Count > 0 || bundles[i].Messages.Count > 0 || bundles[i].Close is { Messages.Count: > 0 } or { Successor: not null }) return true;
        }
        return false;
    }

    /// <summary>Creates the children of all bundles, then sends their messages. Corrects the answer to a bundle that got a message of its own.</summary>
    public static void Write(in WriteScope write, IReadOnlyList<RunBundle> bundles, BundleOutcome[] outcomes)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bundle = bundles[i];
            if (bundle.Children.Count == 0 || !bundle.HasRest(outcomes[i].Birth)) continue;
            foreach (var child in bundle.Children) Bear(write, bundle.Run, child);
            outcomes[i] = outcomes[i] with { Inbox = write.Db.Use(SelectInbox).Bind(1, bundle.Run).Scalar() };
        }
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bundle = bundles[i];
            if (outcomes[i].Closed && bundle.HasRest(outcomes[i].Birth) && bundle.Close!.Successor is { } successor)
            {
                Chains.Succeed(write, bundle.Run, successor);
                RequestRows.Move(write.Db, bundle.Run, successor.Key, bundle.Close.Moved);
            }
        }
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bundle = bundles[i];
            if (!bundle.HasRest(outcomes[i].Birth)) continue;
            Post(write, bundle.Run, bundle.Messages);
            if (outcomes[i].Closed && Post(write, bundle.Run, bundle.Close!.Messages)) outcomes[i] = outcomes[i] with { EndUnheard = true };
        }
    }

    /// <summary>Whether nobody hears of the end of a child that has closed: its parent has ended, and nobody goes on in its place.</summary>
    public static bool IsUnheard(Connection db, RunClose close)
    {
        foreach (var message in close.Messages)
        {
            if (message is { Kind: MessageKind.ChildEnd, RunKey: not 0 } && Posts.HasEnded(db, message.RunKey)) return true;
        }
        return false;
    }

    /// <summary>True: the end of a child was among them, and its parent has ended.</summary>
    private static bool Post(in WriteScope write, long sender, IReadOnlyList<OutgoingMessage> messages)
    {
        var isUnheard = false;
        foreach (var message in messages)
        {
            if (message.ToChild && !Families.AreParentAndChild(write.Db, sender, message.RunId!)) continue;
            var verdict = Posts.Post(write, message);
            isUnheard |= message is { Kind: MessageKind.ChildEnd, RunKey: not 0 } && verdict is (PostVerdict.Closed or PostVerdict.NotFound);
        }
        return isUnheard;
    }

    private static void Bear(in WriteScope write, long parent, ChildBirth child)
    {
        var outcome = Births.Give(write.Db, child.Birth, owner: 0, child.Birth.Events, write.Now, out var isNew);
        if (isNew) Families.Add(write.Db, child.Birth.Key, parent, child.Parent);
        else if (outcome.Verdict != BirthVerdict.Created) Posts.Post(write, child.IfTaken!);
    }
}
