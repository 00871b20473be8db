namespace Perdure.Formats;

/// <summary>An order to end a wait, as it is posted.</summary>
/// <param name="Run">Id of the run: an order that comes to whoever went on in its place is not meant for it.</param>
/// <param name="Wait">Sequence of the event that began the wait, so that a late order ends no later wait.</param>
/// <param name="Reason">For people; may be null.</param>
internal sealed record WaitOrder(string Run, int Wait, string? Reason);

/// <summary>Data of an event that says that a wait was ended on order.</summary>
/// <param name="Reason">For people; may be null.</param>
internal sealed record WaitEnd(string? Reason);
