using System.Net.Sockets;
using Actors.Store.Postgres;
using Actors.TestKit.Clocks;
using Npgsql;
using Xunit;

namespace Actors.Store.Tests.Postgres;

public sealed class PostgresRetriesTests
{
    [Theory]
    [InlineData("08006", true, true)] // connection failure
    [InlineData("57P01", true, true)] // shut down by an administrator, or by pg_terminate_backend
    [InlineData("57P02", true, true)] // another backend crashed
    [InlineData("57P03", true, true)] // starting, or in recovery
    [InlineData("25006", true, true)] // a standby now
    [InlineData("25P03", true, false)] // idle in a transaction too long
    [InlineData("40001", true, false)] // serialization
    [InlineData("40P01", true, false)] // deadlock
    [InlineData("55P03", true, false)] // lock not available
    [InlineData("53300", true, false)] // too many connections
    [InlineData("23505", false, false)] // unique violation
    [InlineData("28P01", false, false)] // wrong password
    [InlineData("42P01", false, false)] // no such table
    [InlineData("53100", false, false)] // disk full
    [InlineData("57014", false, false)] // cancelled
    public void What_the_server_says_tells_whether_it_passes(string state, bool transient, bool lost)
    {
        PostgresException failure = new("", "", "", state);
        Assert.Equal((transient, lost), (PostgresRetries.IsTransient(failure), PostgresRetries.IsConnectionLost(failure)));
    }

    [Fact]
    public void A_broken_connection_passes_and_our_own_mistakes_do_not()
    {
        Assert.True(PostgresRetries.IsTransient(new NpgsqlException("", new IOException())));
        Assert.True(PostgresRetries.IsTransient(new NpgsqlException("", new SocketException())));
        Assert.True(PostgresRetries.IsTransient(new NpgsqlException("", new TimeoutException())));
        Assert.False(PostgresRetries.IsTransient(new NpgsqlException("")));
        Assert.False(PostgresRetries.IsTransient(new InvalidOperationException()));
        Assert.False(PostgresRetries.IsTransient(new OperationCanceledException()));
    }

    [Fact]
    public async Task Work_is_done_again_until_it_succeeds_and_waits_on_the_clock_in_between()
    {
        ManualTimeProvider clock = new();
        DateTimeOffset start = clock.GetUtcNow();
        int attempts = 0;
        List<Exception> told = [];
        PostgresRetries retries = new(clock, new Random(1), told.Add);
        Task<int> work = retries.RunAsync(_ => ++attempts < 4 ? throw new NpgsqlException("", new IOException()) : ValueTask.FromResult(7), default).AsTask();
        Assert.Equal(1, attempts);
        while (!work.IsCompleted)
        {
            // Arms as the work does; what it waits for is the next thing to happen.
            await Task.WhenAny(work, clock.WhenTimersAsync(1));
            clock.AdvanceToNextTimer();
        }

        Assert.Equal(7, await work);
        Assert.Equal((4, 3, true), (attempts, told.Count, clock.GetUtcNow() > start));
    }

    [Fact]
    public async Task What_does_not_pass_comes_out_at_once()
    {
        int attempts = 0;
        PostgresRetries retries = new(new ManualTimeProvider(), new Random(1));
        await Assert.ThrowsAsync<PostgresException>(async () => await retries.RunAsync(
            _ =>
            {
                attempts++;
                throw new PostgresException("", "", "", "23505");
            },
            default));
        Assert.Equal(1, attempts);
    }
}
