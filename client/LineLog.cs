using Microsoft.Extensions.Logging;

namespace Actors.Client;

/// <summary>Logs one line an event: time, level, what happened; an exception with its stack below.</summary>
internal sealed class LineLog(TextWriter writer, TimeProvider clock, LogLevel lowest) : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The console logs to standard error only.");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest && lowest != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string line = $"{Quantities.Time(clock.GetUtcNow())} {logLevel.ToString().ToLowerInvariant()}: {formatter(state, exception)}";
        lock (_gate)
        {
            writer.WriteLine(exception is null ? line : $"{line}{Environment.NewLine}{exception}");
        }
    }

    public void Dispose()
    {
    }
}
