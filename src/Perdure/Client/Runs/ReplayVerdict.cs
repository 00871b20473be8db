namespace Perdure;

/// <summary>Whether a run's history can be replayed by the code that a process has.</summary>
public enum ReplayVerdict
{
    /// <summary>The code does what the history says: it would go on with the run.</summary>
    Fits = 0,

    /// <summary>The code does something else than the history says: a worker would block the run.</summary>
    Diverges = 1,

    /// <summary>The code cannot go on with the run for another reason: a version that it does not support, a payload that it cannot read. A worker would block the run.</summary>
    Blocks = 2,

    /// <summary>This process has no code for the run's workflow and version.</summary>
    NoCode = 3,

    /// <summary>The history cannot be read.</summary>
    Damaged = 4,
}
