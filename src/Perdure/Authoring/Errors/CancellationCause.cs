namespace Perdure;

/// <summary>Why a run was asked to cancel. Values are stored; they never change their number.</summary>
public enum CancellationCause
{
    /// <summary>Somebody asked.</summary>
    Request = 0,

    /// <summary>The run timeout passed.</summary>
    Timeout = 1,

    /// <summary>The parent run ended or was cancelled.</summary>
    Parent = 2,
}
