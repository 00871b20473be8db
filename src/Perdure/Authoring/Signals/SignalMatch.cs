using System.Diagnostics.CodeAnalysis;

namespace Perdure;

/// <summary>Which of several signals came, and its payload. Immutable.</summary>
public sealed class SignalMatch
{
    private readonly Signal? _signal;
    private readonly object? _payload;

    /// <param name="index">The signal's place in the list that was waited for.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="payload">The payload, read by the signal itself.</param>
    internal SignalMatch(int index, Signal signal, object? payload)
    {
        Index = index;
        _signal = signal;
        _payload = payload;
    }

    private SignalMatch() => Index = -1;

    /// <summary>The answer when the limit came first.</summary>
    internal static SignalMatch TimedOut { get; } = new();

    /// <summary>Whether a signal came before the limit.</summary>
    public bool IsReceived => _signal is not null;

    /// <summary>The signal's place in the list that was waited for; -1 when none came.</summary>
    public int Index { get; }

    /// <summary>The signal's name; null when none came.</summary>
    public string? Name => _signal?.Name;

    /// <summary>The payload, of the type that the signal declares; null when none came.</summary>
    public object? Payload => _payload;

    /// <summary>Whether this is the signal that came, and its payload.</summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="signal">One of the signals that were waited for.</param>
    /// <param name="payload">The payload, when it is.</param>
    /// <exception cref="InvalidOptionException">A signal of this name came, but it was waited for with another payload type.</exception>
    public bool Is<T>(Signal<T> signal, [MaybeNullWhen(false)] out T payload)
    {
        ArgumentNullException.ThrowIfNull(signal);
        payload = default;
        if (_signal is null || _signal.Name != signal.Name) return false;
        CheckType(_signal, signal);
        payload = (T)_payload!;
        return true;
    }

    /// <summary>Refuses to read a signal as another type than the one with which it was waited for.</summary>
    internal static void CheckType<T>(Signal awaited, Signal<T> signal)
    {
        if (awaited.PayloadType == typeof(T)) return;
        throw new InvalidOptionException(nameof(signal),
            $"The signal '{signal.Name}' was waited for with payload type {awaited.PayloadType.Name}, not {typeof(T).Name}.");
    }
}
