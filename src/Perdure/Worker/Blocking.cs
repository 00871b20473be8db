using Perdure.Formats;
using Perdure.Runtime;

namespace Perdure.Worker;

/// <summary>Why a run is quarantined.</summary>
/// <param name="Reason">What kind of trouble.</param>
/// <param name="Detail">For people.</param>
internal sealed record Blocking(RunBlockedReason Reason, string Detail)
{
    /// <summary>What its row says of it, if it was blocked before; null if this is news.</summary>
    public ReadOnlyMemory<byte>? Stored { get; init; }

    /// <summary>Somebody has sent it an order that it must obey.</summary>
    public bool IsCalled { get; init; }

    /// <summary>What the row shall say of it.</summary>
    public ReadOnlyMemory<byte> Waiting => Stored ?? BlockedInfo.Write(Reason, Detail);

    /// <summary>The engine met something that it did not foresee.</summary>
    public static Blocking ByEngine(Exception e) =>
        new(RunBlockedReason.EngineError, $"The engine failed while it drove this run: {e.GetType().Name}: {e.Message}");
}
