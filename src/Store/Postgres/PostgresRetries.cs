using System.Net.Sockets;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Actors.Store.Postgres;

/// <summary>
/// Does work on PostgreSQL again when it failed for a reason that passes: a lost connection, a fail-over, a deadlock. Waits
/// longer each time, for about a minute in all: as long as a standby needs to take over. Only for work that is harmless to
/// repeat, or that finds out itself whether its commit went through: an answer can be lost although the commit was made.
/// </summary>
internal sealed class PostgresRetries
{
    private readonly ResiliencePipeline _pipeline;
    private readonly Lock _lock = new();

    /// <param name="clock">Waits.</param>
    /// <param name="random">Spreads the waits of many processes.</param>
    /// <param name="onRetry">Told of each failure that is followed by another attempt, or null.</param>
    public PostgresRetries(TimeProvider clock, Random random, Action<Exception>? onRetry = null)
    {
        ResiliencePipelineBuilder builder = new() { TimeProvider = clock };
        _pipeline = builder.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(IsTransient),
            MaxRetryAttempts = Limits.PostgresRetriesMax,
            Delay = TimeSpan.FromMilliseconds(Limits.PostgresRetryMillisecondsMin),
            MaxDelay = TimeSpan.FromMilliseconds(Limits.PostgresRetryMillisecondsMax),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Randomizer = () => Next(random),
            OnRetry = failure =>
            {
                onRetry?.Invoke(failure.Outcome.Exception!);
                return default;
            },
        }).Build();
    }

    /// <summary>Runs <paramref name="work"/>, again where it failed for a passing reason; its last failure comes out as it is.</summary>
    public ValueTask<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        _pipeline.ExecuteAsync(work, cancellationToken);

    /// <summary>Runs <paramref name="work"/>, again where it failed for a passing reason; its last failure comes out as it is.</summary>
    public ValueTask RunAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken) =>
        _pipeline.ExecuteAsync(work, cancellationToken);

    /// <summary>Whether the same work may succeed soon.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        PostgresException server => IsTransient(server.SqlState),
        // The connection broke, could not be made, or none of the pool came free; and no bad password or protocol.
        NpgsqlException client => client.IsTransient || client.InnerException is IOException or SocketException or TimeoutException,
        // A pooled connection that was closed under a command.
        ObjectDisposedException or OperationCanceledException => false,
        _ => failure is SocketException or TimeoutException,
    };

    /// <summary>Whether the connection, and so any other of the pool, is of no use any more.</summary>
    public static bool IsConnectionLost(Exception failure) => failure switch
    {
        PostgresException server => server.SqlState is "25006" || server.SqlState.StartsWith("57P", StringComparison.Ordinal) || server.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException client => client.InnerException is IOException or SocketException,
        _ => failure is SocketException,
    };

    /// <summary>PostgreSQL's documentation, Appendix A "Error Codes".</summary>
    private static bool IsTransient(string state) => state switch
    {
        // Class 08: connection exceptions; 57P01 to 57P03: shut down, crashed, starting; 57P05: idle too long.
        ['0', '8', ..] or "57P01" or "57P02" or "57P03" or "57P05" => true,
        // Idle in a transaction too long: we were stopped half way.
        "25P03" => true,
        // Serialization failure, deadlock; lock not available in time.
        "40001" or "40P01" or "55P03" => true,
        // A standby answers where the primary was: another server takes over.
        "25006" => true,
        // Too many connections.
        "53300" => true,
        _ => false,
    };

    private double Next(Random random)
    {
        lock (_lock)
        {
            return random.NextDouble();
        }
    }
}
