using System.Net;
using Actors.Grains.Registry;
using Orleans.Runtime;
using Xunit;

namespace Actors.Grains.Tests.Registry;

public sealed class HostRegistrationsTests : IDisposable
{
    private static readonly SiloAddress Here = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);
    private static readonly SiloAddress There = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 2), 1);
    private static readonly GrainId Grain = GrainId.Create("actors.repository", "r1");

    private readonly ActivationId _incarnation = ActivationId.NewId();
    private readonly Dictionary<string, SiloAddress> _owners = [];
    private readonly List<string> _calls = [];
    private readonly HostRegistrations _host;
    private Func<Task> _before = () => Task.CompletedTask;

    public HostRegistrationsTests() => _host = new HostRegistrations(Here, ExchangeAsync);

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Many_are_taken_with_one_call_and_given_up_with_the_next()
    {
        _owners["r2"] = There;
        Assert.Equal("r1 r3", await HoldAsync("r1", "r2", "r3"));
        _host.Release("r1");
        _host.Release("r3");
        Assert.Equal("r4", await HoldAsync("r4"));
        Assert.Equal(["+r1 +r2 +r3", "-r1 -r3 +r4"], _calls);
        Assert.Equal(["r4"], _host.List(_incarnation));
    }

    [Fact]
    public async Task What_is_held_is_not_held_twice_and_what_is_only_active_here_is_held_without_a_call()
    {
        Assert.Equal("r1", await HoldAsync("r1"));
        Assert.Equal("", await HoldAsync("r1"));
        GrainAddress active = Address(Here);
        Assert.Equal(active, await _host.RegisterAsync("r1", active, null));
        Assert.Equal("", await HoldAsync("r1"));
        _host.Release("r1");

        // It is visited, or was: what its holder reads of it may be old.
        Assert.Equal("r1", await HoldAsync("r1"));
        Assert.False(_host.IsUntouched("r1"));
        Assert.Equal("", await HoldAsync("r1"));
        _host.Unregister("r1", active);
        Assert.True(_host.TryFind("r1", out _));
        _host.Release("r1");
        Assert.False(_host.TryFind("r1", out _));
        Assert.Equal("r1", await HoldAsync("r1"));
        Assert.Equal(["+r1", "-r1 +r1"], _calls);
    }

    [Fact]
    public async Task An_activation_comes_and_goes_without_a_call_while_its_repository_is_held()
    {
        await _host.HoldAsync(["r1"]);
        for (int visit = 0; visit < 3; visit++)
        {
            GrainAddress active = Address(Here);
            Assert.True(_host.TryFind("r1", out GrainAddress? before));
            Assert.Null(before);
            Assert.Equal(active, await _host.RegisterAsync("r1", active, null));
            Assert.True(_host.TryFind("r1", out GrainAddress? standing));
            Assert.Equal(active, standing);
            Assert.Equal(active, await _host.RegisterAsync("r1", Address(Here), null));
            _host.Unregister("r1", active);
        }

        Assert.Equal(["+r1"], _calls);
    }

    [Fact]
    public async Task An_activation_of_a_repository_that_another_silo_has_is_sent_there()
    {
        _owners["r1"] = There;
        GrainAddress standing = await _host.RegisterAsync("r1", Address(Here), null);
        Assert.Equal((There, Grain), (standing.SiloAddress, standing.GrainId));
        Assert.False(_host.TryFind("r1", out _));
        Assert.Empty(_host.List(_incarnation));
    }

    [Fact]
    public async Task After_a_call_without_an_answer_nothing_is_had_and_all_is_given_up()
    {
        _before = () => throw new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => _host.HoldAsync(["r1"]));
        Assert.False(_host.TryFind("r1", out _));
        _before = () => Task.CompletedTask;
        Assert.True(await _host.FlushAsync());
        Assert.Equal(["-r1"], _calls);
        Assert.True(await _host.FlushAsync());
        Assert.Single(_calls);
    }

    [Fact]
    public async Task After_a_call_without_an_answer_what_was_active_here_is_not_held_either()
    {
        await HoldAsync("r1");
        GrainAddress active = Address(Here);
        await _host.RegisterAsync("r1", active, null);
        _host.Release("r1");
        _before = () => throw new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => _host.HoldAsync(["r1", "r2"]));

        // Nobody has it once its activation is gone.
        _host.Unregister("r1", active);
        Assert.False(_host.TryFind("r1", out _));
    }

    [Fact]
    public async Task The_answer_of_an_earlier_registry_does_not_count_once_a_later_one_has_asked()
    {
        _before = () =>
        {
            Assert.Empty(_host.List(ActivationId.NewId()));
            return Task.CompletedTask;
        };
        Assert.Equal("", await HoldAsync("r1"));
        Assert.False(_host.TryFind("r1", out _));

        _before = () =>
        {
            _host.List(_incarnation);
            return Task.CompletedTask;
        };
        Assert.Equal("r2", await HoldAsync("r2"));
    }

    [Fact]
    public async Task What_its_holder_has_read_is_old_once_it_is_visited()
    {
        await _host.HoldAsync(["r1"]);
        Assert.True(_host.IsUntouched("r1"));
        _host.Touch("r1");
        Assert.False(_host.IsUntouched("r1"));
        Assert.False(_host.IsUntouched("r2"));
    }

    private static GrainAddress Address(SiloAddress silo) => new() { GrainId = Grain, ActivationId = ActivationId.NewId(), SiloAddress = silo };

    /// <summary>Those that were taken.</summary>
    private async Task<string> HoldAsync(params string[] repositories)
    {
        bool[] taken = await _host.HoldAsync(repositories);
        return string.Join(' ', repositories.Where((_, i) => taken[i]));
    }

    private async Task<RegistryAnswer> ExchangeAsync(string[] taken, string[] given)
    {
        await _before();
        _calls.Add(string.Join(' ', given.Order(StringComparer.Ordinal).Select(r => "-" + r).Concat(taken.Select(r => "+" + r))));
        foreach (string repository in given)
        {
            _owners.Remove(repository);
        }

        return new RegistryAnswer { Incarnation = _incarnation, Owners = Array.ConvertAll(taken, r => _owners.TryGetValue(r, out SiloAddress? owner) ? owner : _owners[r] = Here) };
    }
}
