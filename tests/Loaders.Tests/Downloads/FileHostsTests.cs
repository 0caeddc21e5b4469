using Actors.Git.Remotes;
using Actors.Loaders.Downloads;
using Actors.Sync.ForgeHosts;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Loaders.Tests.Downloads;

public sealed class FileHostsTests
{
    private static readonly ForgeHost Host = ForgeHost.Parse("files.example");

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task No_more_downloads_than_allowed_run_at_once_and_each_end_lets_one_begin()
    {
        FileHosts hosts = Make(2);
        FilePermit one = await hosts.BeginAsync(Host, CancellationToken.None), two = await hosts.BeginAsync(Host, CancellationToken.None);
        Task<FilePermit> third = hosts.BeginAsync(Host, CancellationToken.None);
        Assert.False(third.IsCompleted);
        // Another host has its own.
        _ = await hosts.BeginAsync(ForgeHost.Parse("other.example"), CancellationToken.None);
        Assert.False(third.IsCompleted);
        one.EndServed();
        FilePermit begun = await third;
        one.EndServed();
        Task<FilePermit> fourth = hosts.BeginAsync(Host, CancellationToken.None);
        Assert.False(fourth.IsCompleted);
        two.EndSilently();
        begun.EndSilently();
        (await fourth).EndServed();
    }

    [Fact]
    public async Task A_host_that_asked_for_patience_is_left_alone_so_long()
    {
        FileHosts hosts = Make(4);
        (await hosts.BeginAsync(Host, CancellationToken.None)).EndFailed(new RemoteFailure(RemoteFailureKind.Throttled, "", 429, TimeSpan.FromSeconds(40)));
        Task<FilePermit> next = hosts.BeginAsync(Host, CancellationToken.None);
        await _clock.WhenTimersAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(39));
        Assert.False(next.IsCompleted);
        while (!next.IsCompleted)
        {
            await Task.WhenAny(next, _clock.WhenTimersAsync(1));
            _clock.AdvanceToNextTimer();
        }

        (await next).EndServed();
    }

    [Fact]
    public async Task Longer_than_a_download_waits_is_a_failure_that_says_when_to_come_again()
    {
        FileHosts hosts = Make(4);
        (await hosts.BeginAsync(Host, CancellationToken.None)).EndFailed(new RemoteFailure(RemoteFailureKind.Throttled, "", 429, TimeSpan.FromHours(1)));
        DownloadException refused = await Assert.ThrowsAsync<DownloadException>(() => hosts.BeginAsync(Host, CancellationToken.None));
        Assert.Equal(RemoteFailureKind.Throttled, refused.Failure.Kind);
        Assert.True(refused.Failure.RetryAfter >= TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Who_waits_can_be_cancelled()
    {
        FileHosts hosts = Make(1);
        _ = await hosts.BeginAsync(Host, CancellationToken.None);
        using CancellationTokenSource stop = new();
        Task<FilePermit> waiting = hosts.BeginAsync(Host, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private FileHosts Make(int concurrency) => new(
        new HostRuleBook(new Dictionary<string, HostRules>(), new HostRules { Concurrency = concurrency, FirstConcurrency = concurrency, FirstRequestsPerSecond = double.PositiveInfinity }),
        new HostLimits(concurrency, double.PositiveInfinity),
        _clock,
        new Random(1));
}
