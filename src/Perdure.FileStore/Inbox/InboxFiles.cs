using System.Globalization;
using Perdure.Files.Folders;
using Perdure.Files.Rows;

namespace Perdure.Files.Inbox;

/// <summary>
/// Requests and answers as files. A request is complete and on the disk before it has its name. The owner takes the requests in the order of their names, writes the answer
/// beside each, and then removes the request: one that was executed by an owner that died before that is executed again, which all requests allow.
/// </summary>
internal static class InboxFiles
{
    private const string RequestEnd = ".request.json";
    private const string AnswerEnd = ".answer.json";

    /// <summary>How long an answer waits for somebody who does not come any more.</summary>
    private static readonly TimeSpan KeepAnswers = TimeSpan.FromHours(1);

    /// <summary>Puts a request into the inbox and returns its name.</summary>
    public static string Send(string root, Request request)
    {
        // Names are in the order of time, as well as processes of one machine can agree on it.
        var name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow.Ticks:D19}-{Guid.NewGuid():N}");
        var folder = Path.Combine(root, Layout.Inbox);
        Disk.Replace(Path.Combine(folder, name + RequestEnd), StoreJson.Write(request), durably: true);
        Disk.FlushFolder(folder);
        return name;
    }

    /// <summary>The answer to a request, or null while there is none. It is taken away.</summary>
    public static Answer? TryTakeAnswer(string root, string name)
    {
        var path = Path.Combine(root, Layout.Inbox, name + AnswerEnd);
        if (!File.Exists(path)) return null;
        var answer = StoreJson.Read<Answer>(File.ReadAllBytes(path), path);
        File.Delete(path);
        return answer;
    }

    /// <summary>Takes back a request that nobody waits for any more. It may have been executed.</summary>
    public static void Withdraw(string root, string name)
    {
        try
        {
            File.Delete(Path.Combine(root, Layout.Inbox, name + RequestEnd));
            File.Delete(Path.Combine(root, Layout.Inbox, name + AnswerEnd));
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            // Then it is executed, and its answer is cleared away later.
        }
    }

    /// <summary>What is in the inbox, oldest first.</summary>
    public static IEnumerable<InboxTicket> Requests(string root)
    {
        List<string>? names = null;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(root, Layout.Inbox), "*" + RequestEnd)) (names ??= []).Add(path);
        if (names is null) yield break;
        names.Sort(StringComparer.Ordinal);
        foreach (var path in names) yield return new InboxTicket(path, path[..^RequestEnd.Length] + AnswerEnd);
    }

    public static void Answer(InboxTicket ticket, Answer answer)
    {
        // A request that was withdrawn meanwhile needs no answer.
        if (!File.Exists(ticket.Request)) return;
        Disk.Replace(ticket.Answer, StoreJson.Write(answer));
        File.Delete(ticket.Request);
    }

    /// <summary>Clears away answers that nobody has taken.</summary>
    public static void RemoveOldAnswers(string root)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(root, Layout.Inbox), "*" + AnswerEnd))
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > KeepAnswers) File.Delete(path);
    }
}
