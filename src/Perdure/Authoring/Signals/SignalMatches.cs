using System.Diagnostics.CodeAnalysis;

namespace Perdure;

/// <summary>What came of a wait for all of several signals: each one that came, and which did not. Immutable.</summary>
public sealed class SignalMatches
{
    private readonly IReadOnlyList<Signal> _signals;
    private readonly SignalMatch[] _matches;

    internal SignalMatches(IReadOnlyList<Signal> signals, SignalMatch[] matches)
    {
        (_signals, _matches) = (signals, matches);
        IsComplete = Array.TrueForAll(matches, static match => match.IsReceived);
    }

    /// <summary>Whether all signals came before the limit.</summary>
    public bool IsComplete { get; }

    /// <summary>By name, which signals came and which had not when the limit passed.</summary>
    public IReadOnlyDictionary<string, SignalStatus> Statuses
    {
        get
        {
            var statuses = new Dictionary<string, SignalStatus>(_matches.Length, StringComparer.Ordinal);
            for (var i = 0; i < _matches.Length; i++) statuses[_signals[i].Name] = _matches[i].IsReceived ? SignalStatus.Received : SignalStatus.TimedOut;
            return statuses;
        }
    }

    /// <summary>By name, the payloads of the signals that came. They are taken, also when others did not come.</summary>
    public IReadOnlyDictionary<string, object?> Payloads
    {
        get
        {
            var payloads = new Dictionary<string, object?>(_matches.Length, StringComparer.Ordinal);
            foreach (var match in _matches)
                if (match.IsReceived) payloads[match.Name!] = match.Payload;
            return payloads;
        }
    }

    /// <summary>Whether a signal came, and its payload.</summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="signal">One of the signals that were waited for.</param>
    /// <param name="payload">The payload, when it came.</param>
    /// <exception cref="InvalidOptionException">The signal was not among those that were waited for, or with another payload type.</exception>
    public bool TryGet<T>(Signal<T> signal, [MaybeNullWhen(false)] out T payload)
    {
        ArgumentNullException.ThrowIfNull(signal);
        for (var i = 0; i < _matches.Length; i++)
        {
            if (_signals[i].Name != signal.Name) continue;
            SignalMatch.CheckType(_signals[i], signal);
            return _matches[i].Is(signal, out payload);
        }
        throw new InvalidOptionException(nameof(signal), $"The signal '{signal.Name}' was not among those that were waited for.");
    }

    /// <summary>The payload of a signal that came.</summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="signal">One of the signals that were waited for.</param>
    /// <exception cref="InvalidOptionException">The signal was not among those that were waited for, or with another payload type.</exception>
    /// <exception cref="InvalidOperationException">The signal did not come before the limit.</exception>
    public T Get<T>(Signal<T> signal) => TryGet(signal, out var payload)
        ? payload
        : throw new InvalidOperationException($"The signal '{signal.Name}' did not come before the limit; ask with {nameof(TryGet)}, or look at {nameof(IsComplete)} first.");
}
