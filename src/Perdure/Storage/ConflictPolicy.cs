namespace Perdure;

/// <summary>What a start does when its key (or the id that the caller chose) is already taken by a run of the same workflow and input.</summary>
public enum ConflictPolicy
{
    /// <summary>Answer with the existing run, whatever its status. The default.</summary>
    UseExisting = 0,
    /// <summary>Refuse the start.</summary>
    Fail = 1,
    /// <summary>Start a new run if the former one failed, was cancelled, timed out or was terminated; else answer with it.</summary>
    RestartIfFailed = 2,
}
