namespace Perdure.Tests.Runtime.Programs;

/// <summary>What a piece of a random program does.</summary>
internal enum ProgramOp
{
    Step, Activity, Sleep, Wait, WaitAny, WaitAll, Drain, Peek, Hook, Input, Publish, Data, SideEffect, Child, ChildMessage, Continue, Look, Yield, Throw,
    Sequence, All, Any, AnyCancelling, ForEach, Try, Shield, Limit, Timer, Loose, Shared, Free, Branch, Saga, Patch,
}

/// <summary>A piece of a random program.</summary>
/// <param name="Id">Number, by which what it sees is told apart.</param>
/// <param name="Op">What it does.</param>
/// <param name="Name">Name of its operation.</param>
/// <param name="Variant">Chooses among the ways to do it.</param>
/// <param name="Children">Its parts.</param>
internal sealed record ProgramNode(int Id, ProgramOp Op, string Name, int Variant, ProgramNode[] Children)
{
    public bool IsLeaf => Op <= ProgramOp.Throw;

    /// <summary>Operations that it asks for at most, loops counted.</summary>
    public int Size
    {
        get
        {
            var size = Op is ProgramOp.Yield or ProgramOp.Look or ProgramOp.Data or ProgramOp.Throw ? 0 : 1;
            foreach (var child in Children) size += child.Size;
            return Op == ProgramOp.ForEach ? size * 3 : size;
        }
    }

    public bool Contains(Func<ProgramNode, bool> what)
    {
        if (what(this)) return true;
        foreach (var child in Children)
            if (child.Contains(what)) return true;
        return false;
    }

    public override string ToString() => Children.Length == 0 ? $"{Op}{Id}:{Name}/{Variant}" : $"{Op}{Id}/{Variant}({string.Join(' ', (object[])Children)})";
}
