namespace Perdure.Authoring;

/// <summary>Which build the code of this process is, and so which pinned runs are its own.</summary>
/// <param name="Id">The build's id; null where nobody named it.</param>
/// <param name="TakesOver">Other builds, whose pinned runs it drives too.</param>
internal sealed record CodeBuild(string? Id, IReadOnlyList<string> TakesOver)
{
    public static readonly CodeBuild Unnamed = new(null, []);

    /// <summary>Whether a run that is pinned to <paramref name="build"/> (null: to none) may be driven here.</summary>
    public bool Drives(string? build) => build is null || build == Id || TakesOver.Contains(build);

    /// <summary>What a new run is pinned to that has these options; null for nothing.</summary>
    public string? PinOf(WorkflowOptions options) => options.PinToBuild == true ? Id : null;

    /// <summary>What the run that goes on in the place of another is pinned to: the build that has driven that one.</summary>
    public string? PinAfter(string? before) => before is null ? null : Id ?? before;
}
