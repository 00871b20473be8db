using Perdure.Files;
using Perdure.Files.Folders;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Files;

/// <summary>
/// The owner dies at every point of every group: before its record, in the middle of it, behind it, and between any two of the file operations that follow, or in the middle of one. Whoever opens the folder
/// then finds what was acknowledged, byte for byte, and of the group that was under way all or nothing.
/// </summary>
public sealed class FileCrashPointTests
{
    // Steps and hooks are copies for people, written when there is time; the store reads neither.
    private static readonly string[] Aside = [Layout.Journal, Layout.Steps, Layout.Hooks];

    [Fact]
    public async Task Owner_DiesAtEveryFileOperationOfEveryGroup_LeavesTheGroupWholeOrNotAtAll()
    {
        var (groups, points) = (0, 0);
        await foreach (var (before, after) in PlayAsync())
        {
            using (before)
            using (after)
            {
                var (undone, done) = (await ReopenedAsync(Copy(before)), await ReopenedAsync(Copy(after)));
                var record = Assert.Single(Records(after).Skip(Records(before).Count));
                var changes = ChangeSet.Decode(record).ToList();
                groups++;
                foreach (var crashed in Crashes(before, after, changes))
                {
                    points++;
                    Assert.Equal(crashed.IsCommitted ? done : undone, await ReopenedAsync(crashed.Folder));
                }
            }
        }
        Assert.True(groups >= 9 && points >= 8 * groups, $"only {points} points in {groups} groups");
    }

    /// <summary>A power failure forgets what was not flushed: the record is on the disk, and of the files any may be as they were.</summary>
    [Fact]
    public async Task Machine_LosesAnyOfTheFilesThatWereNotFlushed_FindsThemInTheJournal()
    {
        var random = new Random(4711);
        await foreach (var (before, after) in PlayAsync())
        {
            using (before)
            using (after)
            {
                var done = await ReopenedAsync(Copy(after));
                var changes = ChangeSet.Decode(Records(after)[^1]).ToList();
                for (var i = 0; i < 4; i++)
                {
                    var folder = WithJournal(before, after);
                    foreach (var change in changes)
                        if (random.Next(2) == 0) Do(folder, change);
                    Assert.Equal(done, await ReopenedAsync(folder));
                }
            }
        }
    }

    /// <summary>Plays a story, and hands out the folder as it was before and behind each of its groups.</summary>
    private static async IAsyncEnumerable<(TempFolder Before, TempFolder After)> PlayAsync()
    {
        using var folder = new TempFolder();
        await using var store = await folder.OpenAsync(configure: static options => options.Flushes = false);
        foreach (var call in Story(store))
        {
            var before = Copy(folder);
            await call();
            yield return (before, Copy(folder));
        }
    }

    private static IEnumerable<Func<Task>> Story(FileStore store)
    {
        var worker = default(TestWorker)!;
        var run = new Holding(1, 1, 1);
        var hook = new NewRequest { Operation = 2, Number = 3, Kind = RequestKind.Hook, Name = "back", MaxAnswers = 2, TokenHash = Make.Bytes("token"), Description = Make.Bytes("{}") };
        yield return async () => worker = await Some.WorkerAsync(store);
        yield return async () => Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(Some.Owned(Make.Birth(1)))).Verdict);
        yield return () => WriteAsync(run.Bundle(events: 2));
        yield return () => store.PostMessagesAsync([Make.Message(1, "first"), Make.Message(1, "second")], Make.Never);
        yield return () => WriteAsync(run.Bundle(events: 1, requests: new() { Opened = [hook] }), seen: 2);
        yield return () => WriteAsync(run.Bundle(events: 2, consumed: [1, 2]));
        yield return async () => Assert.Equal(AnswerVerdict.Accepted,
            (await store.AnswerRequestAsync(new RequestAnswer(2, 3, Make.Message(1, "answer", MessageKind.Answer, "back")), Make.Never)).Verdict);
        yield return () => store.StartRunsAsync([Make.Birth(2), Make.Birth(3)], Make.Never);
        yield return async () => Assert.Equal(2, (await worker.ClaimRunsAsync()).Runs.Count);
        yield return async () => Assert.Equal([true, true], (await worker.CommitAsync(new Holding(2, 1, 1).Bundle(events: 1, close: RunStatus.Completed), new Holding(3, 1, 1).Bundle(events: 3, release: true, row: Holding.Row(RunStatus.Suspended, Instant.Never)))).Bundles.Select(static bundle => bundle.Closed || bundle.Released));

        async Task WriteAsync(RunBundle bundle, long seen = 0)
        {
            await worker.WriteAsync(bundle);
            (run.Next, run.Seen) = (bundle.Events.End, Math.Max(seen, run.Seen));
        }
    }

    private static IEnumerable<(TempFolder Folder, bool IsCommitted)> Crashes(TempFolder before, TempFolder after, List<Change> changes)
    {
        // The record itself: not begun, and torn near its ends and in its middle. At every byte it is torn beside this.
        var (segment, start) = (Segment(after), new FileInfo(Segment(before)).Length);
        var whole = File.ReadAllBytes(segment);
        foreach (var end in new[] { start, start + 1, (start + whole.Length) / 2, whole.Length - 1 })
        {
            var torn = Copy(before);
            File.WriteAllBytes(Segment(torn), whole[..(int)end]);
            yield return (torn, false);
        }
        for (var done = 0; done <= changes.Count; done++)
        {
            yield return (Done(done), true);
            if (done == changes.Count) break;
            var (half, next) = (Done(done), changes[done]);
            var path = half.PathOf(next.Path);
            if (next.Kind == ChangeKind.Put)
            {
                // The new content has half been written, and then whole, and does not bear its name yet.
                var named = Done(done);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                Directory.CreateDirectory(Path.GetDirectoryName(named.PathOf(next.Path))!);
                File.WriteAllBytes(path + ".tmp", next.Content.Span[..(next.Content.Length / 2)].ToArray());
                File.WriteAllBytes(named.PathOf(next.Path) + ".tmp", next.Content.ToArray());
                yield return (named, true);
            }
            else if (next.Kind == ChangeKind.Append) Do(half, next with { Content = next.Content[..(next.Content.Length / 2)] });
            yield return (half, true);
        }

        TempFolder Done(int count)
        {
            var folder = WithJournal(before, after);
            foreach (var change in changes.Take(count)) Do(folder, change);
            return folder;
        }
    }

    /// <summary>What a change does to its file, written apart from the store's own code.</summary>
    private static void Do(TempFolder folder, Change change)
    {
        var path = folder.PathOf(change.Path);
        if (change.Kind == ChangeKind.Delete) File.Delete(path);
        if (change.Kind is not (ChangeKind.Put or ChangeKind.Append)) return;
        var kept = change.Kind == ChangeKind.Append && File.Exists(path) ? File.ReadAllBytes(path) : [];
        // What a lost write ahead of this one leaves is a hole.
        Array.Resize(ref kept, (int)change.Offset);
        File.WriteAllBytes(path, [.. kept, .. change.Content.Span]);
    }

    private static TempFolder WithJournal(TempFolder before, TempFolder after)
    {
        var folder = Copy(before);
        File.Copy(Segment(after), Segment(folder), overwrite: true);
        return folder;
    }

    private static List<ReadOnlyMemory<byte>> Records(TempFolder folder)
    {
        using var journal = new Perdure.Files.Folders.Journal(folder.Path, flushes: false);
        return [.. journal.ReadAll()];
    }

    private static string Segment(TempFolder folder) => Assert.Single(Directory.GetFiles(folder.PathOf(Layout.Journal), "*.log"));

    /// <summary>All files of a folder that was opened and closed, but for the journal, what says who owns it, and the copies; the folder is gone then.</summary>
    private static async Task<SortedDictionary<string, string>> ReopenedAsync(TempFolder folder)
    {
        using (folder)
        {
            await using (await folder.OpenAsync(configure: static options => options.Flushes = false))
            {
            }
            var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var path in Files(folder))
                if (!path.EndsWith(".tmp", StringComparison.Ordinal) && !Aside.Contains(path.Split(Path.DirectorySeparatorChar)[0])) files[path] = await File.ReadAllTextAsync(folder.PathOf(path));
            return files;
        }
    }

    /// <summary>The folder as it would be found if its owner died now.</summary>
    private static TempFolder Copy(TempFolder folder)
    {
        var copy = new TempFolder();
        foreach (var path in Directory.EnumerateDirectories(folder.Path, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(copy.PathOf(Path.GetRelativePath(folder.Path, path)));
        foreach (var path in Files(folder)) File.Copy(folder.PathOf(path), copy.PathOf(path));
        return copy;
    }

    private static IEnumerable<string> Files(TempFolder folder) => Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder.Path, path)).Where(static path => !path.StartsWith(Layout.Locks, StringComparison.Ordinal));
}
