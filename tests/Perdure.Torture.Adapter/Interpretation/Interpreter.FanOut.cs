using System.Globalization;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Interpretation;

/// <content>Branches that run side by side.</content>
internal sealed partial class Interpreter
{
    /// <summary>What branches waited for when nobody waited for them any more.</summary>
    private readonly List<Task> _abandoned = [];

    private async Task<string> AllAsync(Operation all, string h, Flow flow)
    {
        var s = flow.Place.Qualify(all.Id!);
        var ends = await EndsAsync(Fork(all, s, h, flow));
        Array.Sort(ends, static (a, b) => a.Index.CompareTo(b.Index));
        return Witness.Of(h, s, "all", string.Join(',', ends.Select(end => end.H)));
    }

    private async Task<string> EachAsync(Operation each, string h, Flow flow)
    {
        var s = flow.Place.Qualify(each.Id!);
        foreach (var end in await EndsAsync(Fork(each, s, h, flow))) h = Witness.Of(h, s, "each", end.Text);
        return h;
    }

    private async Task<string> AnyAsync(Operation any, string h, Flow flow)
    {
        var s = flow.Place.Qualify(any.Id!);
        var branches = Fork(any, s, h, flow);
        var first = await Task.WhenAny(branches.Select(branch => branch.Task));
        await AbandonAsync(branches);
        return Witness.Of(h, s, "any", (await first).Text);
    }

    /// <summary>The ends of all branches in the order of completion. The first one that fails ends the whole.</summary>
    private async Task<BranchEnd[]> EndsAsync(RunningBranch[] branches)
    {
        var open = branches.Select(branch => branch.Task).ToList();
        var ends = new List<BranchEnd>(branches.Length);
        while (open.Count > 0)
        {
            var next = await Task.WhenAny(open);
            open.Remove(next);
            if (!next.IsCompletedSuccessfully) await AbandonAsync(branches);
            ends.Add(await next);
        }
        return [.. ends];
    }

    private RunningBranch[] Fork(Operation fanOut, string s, string h, Flow flow)
    {
        var lists = fanOut.Branches();
        var running = new RunningBranch[lists.Count];
        for (var i = 0; i < running.Length; i++)
        {
            var branch = new Branch();
            running[i] = new RunningBranch(branch, RunBranchAsync(i, lists[i], s, h, flow with { Branch = branch }));
        }
        return running;
    }

    private async Task<BranchEnd> RunBranchAsync(int index, IReadOnlyList<Operation> operations, string s, string h, Flow flow) =>
        new(index, await ListAsync(operations, Witness.Of(h, s, "fork", index.ToString(CultureInfo.InvariantCulture)), flow));

    /// <summary>Nobody waits for the branches that have not ended: what they wait for is cancelled, and they ask for nothing more.</summary>
    private async Task AbandonAsync(RunningBranch[] branches)
    {
        List<Task> losers = [Task.CompletedTask];
        foreach (var (branch, task) in branches)
        {
            if (task.IsCompleted) continue;
            branch.IsAbandoned = true;
            if (branch.Current is { } current) losers.Add(current);
        }
        _abandoned.AddRange(losers);
        await ctx.WhenAnyAsync(losers, cancelLosers: true);
    }

    /// <summary>A branch and its end.</summary>
    private sealed record RunningBranch(Branch Branch, Task<BranchEnd> Task);

    /// <summary>What a branch ended with.</summary>
    private sealed record BranchEnd(int Index, string H)
    {
        public string Text => $"{Index.ToString(CultureInfo.InvariantCulture)}:{H}";
    }
}
