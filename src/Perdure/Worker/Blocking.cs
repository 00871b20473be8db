using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>Why a run does not go on: it is quarantined, or stands still on an operator's order.</summary>
/// <param name="Reason">What kind of trouble.</param>
/// <param name="Detail">For people.</param>
internal sealed record Blocking(RunBlockedReason Reason, string Detail)
{
    /// <summary>What its row says of it, if it was blocked before; null if this is news.</summary>
    public ReadOnlyMemory<byte>? Stored { get; init; }

    /// <summary>Somebody has sent it an order that it must obey.</summary>
    public bool IsCalled { get; init; }

    /// <summary>Whether nothing is wrong with it: an operator has stopped it.</summary>
    public bool IsPause { get; private init; }

    /// <summary>When it must be taken although nobody calls it, or never.</summary>
    public Instant Due { get; private init; } = Instant.Never;

    /// <summary>A run that an operator has stopped.</summary>
    /// <param name="waiting">What it would wait for, as its row says.</param>
    /// <param name="limit">When its time is up.</param>
    public static Blocking Paused(ReadOnlyMemory<byte> waiting, Instant limit) => new(default, "") { Stored = waiting, IsPause = true, Due = limit };

    /// <summary>Whether a message is an order that it must obey.</summary>
    public bool IsCalledBy(MessageKind kind) => kind is MessageKind.Terminate or MessageKind.Resume || IsPause && kind == MessageKind.Cancel;

    /// <summary>What the row shall say of it.</summary>
    public ReadOnlyMemory<byte> Waiting => Stored ?? BlockedInfo.Write(Reason, Detail);

    /// <summary>The engine met something that it did not foresee.</summary>
    public static Blocking ByEngine(Exception e) =>
        new(RunBlockedReason.EngineError, $"The engine failed while it drove this run: {e.GetType().Name}: {e.Message}");
}
