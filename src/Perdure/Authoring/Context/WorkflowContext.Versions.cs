using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

/// <content>How one workflow's code changes while runs of it are under way.</content>
public abstract partial class WorkflowContext
{
    /// <summary>The version of a change that a run has when it passed the place before the change was made.</summary>
    public const int DefaultVersion = -1;

    /// <summary>
    /// Which version of a change this run follows. A run that gets here for the first time records <paramref name="max"/>; one that passed here under code without this call has
    /// <see cref="DefaultVersion"/>. The answer of a run never changes, in loops and at every other place that asks for the same change.
    /// </summary>
    /// <remarks>
    /// A run whose version is not between <paramref name="min"/> and <paramref name="max"/> is blocked (<c>UnsupportedVersion</c>) until code that has it takes the run.
    /// Asking is no operation: it moves no number of those behind it.
    /// </remarks>
    /// <param name="changeId">The name of the change, unique in the workflow.</param>
    /// <param name="min">The oldest version that this code still has; <see cref="DefaultVersion"/> for the code before the change.</param>
    /// <param name="max">The newest version, 1 or more.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The name breaks the rule for names, or the numbers are out of order.</exception>
    public int GetVersion(string changeId, int min, int max, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Names.Validate(NameKind.Change, changeId);
        if (min < DefaultVersion) throw new InvalidOptionException(nameof(min), $"The oldest version is {DefaultVersion}, not {min}.");
        if (max < 1 || max < min) throw new InvalidOptionException(nameof(max), $"The newest version is at least 1 and not older than {min}; {max} is.");
        return AskVersion(changeId, min, max, new SourceLine(file, line));
    }

    /// <summary>Whether this run follows a change: true for runs that get here for the first time, false for those that passed here before the change was made.</summary>
    /// <param name="changeId">The name of the change, unique in the workflow.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The name breaks the rule for names.</exception>
    public bool Patch(string changeId, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        GetVersion(changeId, DefaultVersion, 1, file, line) == 1;

    /// <summary>
    /// Stands where <see cref="Patch"/> stood, when the code before the change is gone: a run that would still need that code is blocked (<c>UnsupportedVersion</c>) instead of going
    /// astray. When no such run is left, remove it; nothing else changes.
    /// </summary>
    /// <param name="changeId">The name of the change.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The name breaks the rule for names.</exception>
    public void DeprecatePatch(string changeId, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => GetVersion(changeId, 1, 1, file, line);

    private protected abstract int AskVersion(string changeId, int min, int max, SourceLine source);
}
