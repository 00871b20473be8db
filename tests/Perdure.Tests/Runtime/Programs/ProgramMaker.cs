namespace Perdure.Tests.Runtime.Programs;

/// <summary>Makes a program from a seed.</summary>
internal sealed class ProgramMaker(Random random)
{
    private static readonly ProgramOp[] Leaves =
    [
        ProgramOp.Step, ProgramOp.Step, ProgramOp.Step, ProgramOp.Step, ProgramOp.Activity, ProgramOp.Activity, ProgramOp.Activity, ProgramOp.Sleep, ProgramOp.Sleep,
        ProgramOp.Wait, ProgramOp.Wait, ProgramOp.WaitAny, ProgramOp.WaitAll, ProgramOp.Drain, ProgramOp.Peek, ProgramOp.Hook, ProgramOp.Input, ProgramOp.Publish, ProgramOp.Data, ProgramOp.SideEffect, ProgramOp.Child, ProgramOp.Child, ProgramOp.ChildMessage, ProgramOp.Look, ProgramOp.Yield,
    ];

    private static readonly ProgramOp[] Groups =
    [
        ProgramOp.Sequence, ProgramOp.All, ProgramOp.All, ProgramOp.Any, ProgramOp.AnyCancelling, ProgramOp.ForEach, ProgramOp.Try, ProgramOp.Try, ProgramOp.Shield,
        ProgramOp.Limit, ProgramOp.Timer, ProgramOp.Loose, ProgramOp.Shared, ProgramOp.Free, ProgramOp.Branch, ProgramOp.Saga, ProgramOp.Patch,
    ];

    private int _nodes;

    /// <summary>A program that asks for at least 10 operations.</summary>
    public ProgramNode Make(bool withWhenAny)
    {
        var parts = new List<ProgramNode>();
        if (withWhenAny) parts.Add(Group(random.Next(2) == 0 ? ProgramOp.Any : ProgramOp.AnyCancelling, 1));
        while (parts.Sum(static part => part.Size) < 10) parts.Insert(random.Next(parts.Count + 1), Node(0));
        // What fails at the end is tried again, if the run may be.
        if (random.Next(5) == 0) parts.Add(new ProgramNode(_nodes++, ProgramOp.Throw, "", random.Next(6), []));
        return new ProgramNode(_nodes++, ProgramOp.Sequence, "", 0, [.. parts]);
    }

    private ProgramNode Node(int depth) => depth >= 3 || random.Next(100) < 55 ? Leaf() : Group(Groups[random.Next(Groups.Length)], depth + 1);

    private ProgramNode Leaf() => Leaf(random.Next(40) == 0 ? ProgramOp.Throw : random.Next(80) == 0 ? ProgramOp.Continue : Leaves[random.Next(Leaves.Length)]);

    // Few names, so that equal ones meet.
    private ProgramNode Leaf(ProgramOp op) => new(_nodes++, op, ((char)('a' + random.Next(5))).ToString(), random.Next(64), []);

    private ProgramNode Group(ProgramOp op, int depth)
    {
        var children = op switch
        {
            ProgramOp.Shield or ProgramOp.ForEach or ProgramOp.Loose or ProgramOp.Timer => [Node(depth)],
            ProgramOp.Try or ProgramOp.Branch or ProgramOp.Patch => [Node(depth), Node(depth)],
            ProgramOp.Shared or ProgramOp.Free => [Leaf(random.Next(2) == 0 ? ProgramOp.Step : ProgramOp.Activity)],
            ProgramOp.Limit => [],
            ProgramOp.AnyCancelling => Many(() => Leaf(random.Next(4) switch { 0 => ProgramOp.Step, 1 => ProgramOp.Activity, 2 => ProgramOp.Child, _ => ProgramOp.Wait })),
            _ => Many(() => Node(depth)),
        };
        return new ProgramNode(_nodes++, op, ((char)('a' + random.Next(5))).ToString(), random.Next(64), children);
    }

    private ProgramNode[] Many(Func<ProgramNode> make)
    {
        var children = new ProgramNode[2 + random.Next(2)];
        for (var i = 0; i < children.Length; i++) children[i] = make();
        return children;
    }
}
