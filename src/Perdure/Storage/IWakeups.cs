namespace Perdure.Storage;

/// <summary>
/// Hints that something in the store may have become due. A hint may be lost, late, early or doubled: whatever it announces is also found by the
/// worker's safety poll.
/// </summary>
public interface IWakeups
{
    /// <summary>Calls <paramref name="onWake"/> at every hint until the result is disposed. It is called on any thread and must return at once.</summary>
    IDisposable Subscribe(Action onWake);

    /// <summary>As <see cref="Subscribe"/>, for somebody who only waits for runs to end: he may be spared the hints that cannot concern him, and may get hints that workers do not need.</summary>
    IDisposable SubscribeToEnds(Action onWake) => Subscribe(onWake);

    /// <summary>As <see cref="SubscribeToEnds"/>, for somebody who watches what runs publish; other news may come without a hint.</summary>
    IDisposable SubscribeToNews(Action onWake) => SubscribeToEnds(onWake);

    /// <summary>Gives a hint to every subscriber that this process can reach.</summary>
    void Wake();

    /// <summary>
    /// Whether hints of all processes arrive at present, those of an unexpected death included. A worker that has nothing to do then asks the store less often.
    /// </summary>
    bool HearsAll => false;
}
