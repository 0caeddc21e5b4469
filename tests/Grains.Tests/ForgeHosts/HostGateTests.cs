using Actors.Grains.ForgeHosts;
using Actors.Grains.Repositories;
using Actors.Sync.ForgeHosts;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Grains.Tests.ForgeHosts;

public sealed class HostGateTests
{
    private static readonly TimeSpan Late = Sync.Limits.StartsLateness;

    private readonly ManualTimeProvider _clock = new();
    private HostGrant _grant = new() { Sequence = 0, Batch = 0, Version = 0, GrantedAt = 0, Units = 2, UnitsFor = TimeSpan.FromSeconds(30), Starts = 4, StartsReady = 4, StartsFor = TimeSpan.FromSeconds(3) };

    [Fact]
    public async Task Who_asks_the_host_too_late_waits_for_another_start()
    {
        _grant = _grant with { StartsPerSecond = 10 };
        using HostGate gate = Open();
        HeldPermit permit = await EnterAsync(gate);
        _clock.Advance(Late - TimeSpan.FromTicks(1));
        Assert.Same(permit, await permit.RenewAsync(default));

        _clock.Advance(TimeSpan.FromTicks(1));
        HeldPermit? other = await permit.RenewAsync(default);
        Assert.NotNull(other);
        Assert.Equal(permit.Permit.BegunBefore + Late.Ticks, other.Permit.BegunBefore);
        Assert.Equal(1, gate.Running);
        other.End(null);
        Assert.Equal(0, gate.Running);
    }

    [Fact]
    public async Task A_host_without_a_rate_may_be_asked_at_any_time()
    {
        using HostGate gate = Open();
        HeldPermit permit = await EnterAsync(gate);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Same(permit, await permit.RenewAsync(default));
        Assert.Equal(1, gate.Running);
    }

    [Fact]
    public async Task Who_asks_too_late_a_host_that_wants_silence_by_now_has_no_permit()
    {
        _grant = _grant with { StartsPerSecond = 10 };
        using HostGate gate = Open();
        HeldPermit permit = await EnterAsync(gate);
        _grant = _grant with { Version = 1, Answer = PermitAnswer.NotYet, Starts = 0, SilentFor = TimeSpan.FromMinutes(10), AskAgainIn = TimeSpan.FromMinutes(10) };
        _clock.Advance(Late);
        Assert.Null(await permit.RenewAsync(default));
        Assert.Equal(0, gate.Running);
    }

    private static async Task<HeldPermit> EnterAsync(HostGate gate) => Assert.IsType<HeldPermit>((await gate.EnterAsync(default)).Permit);

    private HostGate Open() => new("a", 2, call => Task.FromResult(_grant with { Sequence = call.Sequence, Batch = call.Batch }), failure => Assert.Fail(failure.Message), _clock);
}
