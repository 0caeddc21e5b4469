using System.Net.Http;
using Actors.Git.Remotes;
using Actors.Git.Transport;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Git.Tests.Transport;

public sealed class RateLimitHeadersTests
{
    /// <summary>2026-01-01 00:00 UTC.</summary>
    private const long Start = 1_767_225_600;

    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData("RateLimit-Limit: 60|RateLimit-Remaining: 12|RateLimit-Reset: 30", 60L, 12, 30)]
    [InlineData("X-RateLimit-Limit: 5000|X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1767225690", 5000L, 0, 90)]
    [InlineData("RateLimit-Remaining: 3|RateLimit-Reset: 1767225590", null, 3, 0)]
    [InlineData("RateLimit: limit=100, remaining=50, reset=5", 100L, 50, 5)]
    [InlineData("RateLimit: \"default\";r=50;t=30", null, 50, 30)]
    [InlineData("RateLimit: \"a\";r=1;t=2, \"b\";r=3;t=4", null, 1, 2)]
    public void Budget_is_read(string headers, long? limit, long remaining, int resetSeconds)
    {
        Assert.Equal(Start, _clock.GetUtcNow().ToUnixTimeSeconds());
        Assert.Equal(new RateLimit(limit, remaining, TimeSpan.FromSeconds(resetSeconds)), Read(headers));
    }

    [Theory]
    [InlineData("Server: x")]
    [InlineData("RateLimit-Limit: 60")]
    [InlineData("RateLimit-Remaining: many")]
    [InlineData("RateLimit-Remaining: -1")]
    [InlineData("RateLimit: \"default\"")]
    [InlineData("RateLimit: r=99999999999999999999")]
    public void Nonsense_is_nothing(string headers) => Assert.Null(Read(headers));

    [Fact]
    public void Reset_in_the_next_century_is_bounded() =>
        Assert.Equal(Limits.RetryAfterMax, Read("RateLimit-Remaining: 0|RateLimit-Reset: 9999999999")!.Reset);

    private RateLimit? Read(string headers)
    {
        using HttpResponseMessage response = new();
        foreach (string header in headers.Split('|'))
        {
            string[] parts = header.Split(": ", 2);
            response.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        }

        return RateLimitHeaders.Read(response.Headers, _clock);
    }
}
