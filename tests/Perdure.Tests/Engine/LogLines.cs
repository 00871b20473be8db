using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Perdure.Tests.Engine;

/// <summary>The lines that engines write under one category. Thread safe.</summary>
internal sealed class LogLines(string category) : ILoggerFactory, ILogger
{
    private static readonly Action<ILogger, string, Exception?> WriteLine = LoggerMessage.Define<string>(LogLevel.Information, default, "{Line}");

    private readonly ConcurrentQueue<string> _written = new();

    public string[] Written => [.. _written];

    public static void Write(ILogger logger, string line) => WriteLine(logger, line, null);

    public void Use(IPerdureBuilder builder) => builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(this));

    public ILogger CreateLogger(string categoryName) =>
        categoryName == category ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider) { }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _written.Enqueue(formatter(state, exception));

    public void Dispose() { }
}
