namespace Perdure;

/// <summary>The key or id belongs to a start of another workflow, or of this one with another input. Nothing was started.</summary>
public sealed class KeyConflictException : PerdureException
{
    internal KeyConflictException(string key, string runId)
        : base(ErrorCodes.KeyConflict,
            $"'{Authoring.SafeText.Shorten(key, 80)}' is taken by the run '{runId}', which has another workflow or another input.")
    {
        Key = key;
        RunId = runId;
    }

    /// <summary>The key or id.</summary>
    public string Key { get; }

    /// <summary>The run that has it.</summary>
    public string RunId { get; }
}
