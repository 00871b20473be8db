using Microsoft.Extensions.Logging;

namespace Perdure.Runtime;

/// <summary>A logger for workflow code that is silent while recorded events are replayed, so that each line is written once.</summary>
internal sealed class ReplaySafeLogger(ILogger inner, RunMachine machine) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !machine.IsReplaying && inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!machine.IsReplaying) inner.Log(logLevel, eventId, state, exception, formatter);
    }
}
