using Microsoft.Extensions.Logging;

namespace Perdure.Simulation;

/// <summary>What the engine logs becomes part of the timeline.</summary>
internal sealed class SimLogger(World world, string owner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => world.Trace.IsVerbose || logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        if (world.Trace.IsVerbose) world.Trace.Note(owner, "log: " + text);
        // Nothing in a simulated world may surprise the engine.
        if (exception is not null) world.Fail("I-35", $"The engine on {owner} logged an error: {text} {exception}");
    }
}
