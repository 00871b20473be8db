namespace Perdure.Storage;

/// <summary>
/// Hints that something in the store may have become due. A hint may be lost, late, early or doubled: whatever it announces is also found by the
/// worker's safety poll.
/// </summary>
public interface IWakeups
{
    /// <summary>Calls <paramref name="onWake"/> at every hint until the result is disposed. It is called on any thread and must return at once.</summary>
    IDisposable Subscribe(Action onWake);

    /// <summary>Gives a hint to every subscriber that this process can reach.</summary>
    void Wake();
}
