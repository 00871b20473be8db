using System.Globalization;

namespace Perdure.Simulation;

/// <summary>
/// What happened, as a hash that costs next to nothing, and on request as lines to read. A failed seed is run again with lines.
/// </summary>
internal sealed class Trace(World world)
{
    private readonly List<TraceLine> _lines = [];
    private ulong _hash = 0xCBF29CE484222325;

    /// <summary>Whether lines are kept.</summary>
    public bool IsVerbose { get; set; }

    /// <summary>The same for the same world.</summary>
    public ulong Hash => _hash;

    public IReadOnlyList<TraceLine> Lines => _lines;

    public void Choice(SimContext context, int item)
    {
        Mix((ulong)world.Now);
        Mix((ulong)context.Name.Length << 32 | (uint)item);
    }

    /// <summary>Something worth a line. <paramref name="about"/> is a run id or a process.</summary>
    public void Add(string who, string what, string about = "")
    {
        Mix((ulong)world.Now);
        foreach (var c in what) Mix(c);
        if (IsVerbose) _lines.Add(new TraceLine(world.Now, who, what, about));
    }

    /// <summary>A line for readers only, which the hash does not know.</summary>
    public void Note(string who, string what, string about = "")
    {
        if (IsVerbose) _lines.Add(new TraceLine(world.Now, who, what, about));
    }

    private void Mix(ulong value) => _hash = (_hash ^ value) * 0x100000001B3;
}

/// <summary>A line of the timeline.</summary>
internal sealed record TraceLine(long At, string Who, string What, string About)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{At / (double)TimeSpan.TicksPerSecond,12:0.000000} {Who,-8} {What}{(About.Length == 0 ? "" : "  [" + About + "]")}");
}
