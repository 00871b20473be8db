namespace Perdure;

/// <summary>The key or id is taken, and the start said <see cref="ConflictPolicy.Fail"/>. Nothing was started.</summary>
public sealed class AlreadyExistsException : PerdureException
{
    internal AlreadyExistsException(string key, string runId)
        : base(ErrorCodes.AlreadyExists,
            $"'{Authoring.SafeText.Shorten(key, 80)}' is taken by the run '{runId}'; with OnConflict = UseExisting the start would have returned it.")
    {
        Key = key;
        RunId = runId;
    }

    /// <summary>The key or id.</summary>
    public string Key { get; }

    /// <summary>The run that has it.</summary>
    public string RunId { get; }
}
