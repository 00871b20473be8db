namespace Perdure.Torture.Checking;

/// <summary>A fan-out in the model: what has ended, in order, until enough has.</summary>
internal sealed class ModelRace(int branches, bool isFirstEnough)
{
    private readonly TaskCompletionSource _over = new();

    /// <summary>Branches that have ended, in the order in which they did, with their witness.</summary>
    public List<(int Index, string H)> Ends { get; } = [];

    public bool IsOver => _over.Task.IsCompleted;

    public Task Over => _over.Task;

    public void Ended(int index, string h)
    {
        if (IsOver) return;
        Ends.Add((index, h));
        if (isFirstEnough || Ends.Count == branches) _over.TrySetResult();
    }

    public void Failed(Exception exception) => _over.TrySetException(exception);
}
