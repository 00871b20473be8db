namespace Perdure.Torture.Checking;

/// <summary>Broken promises, by run.</summary>
internal sealed class Violations
{
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    /// <summary>Notes one.</summary>
    /// <param name="rule">The promise.</param>
    /// <param name="where">The run, and the step if it is about one.</param>
    /// <param name="what">What was seen.</param>
    public void Add(string rule, string where, string what) => _all.Add($"{rule}  {where}: {what}");
}
