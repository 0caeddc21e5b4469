using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>A forge host of a fleet: how it misbehaves, and what it checks of us.</summary>
internal sealed class FleetHost(ForgeHost name, ForgeScript script, ForgeAccent accent, ServerProfile profile)
{
    private readonly Queue<DateTimeOffset> _begun = new();
    private DateTimeOffset _silentUntil;
    private int _running;

    public ForgeHost Name { get; } = name;

    public ForgeScript Script { get; } = script;

    public ForgeAccent Accent { get; } = accent;

    public ServerProfile Profile { get; } = profile;

    /// <summary>Nobody answers in this time: no name, no route, a certificate that has expired.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Down { get; set; }

    /// <summary>Answers that asked for patience, or that did not come.</summary>
    public int Troubles { get; private set; }

    /// <summary>A visit begins: not too many at once, not too fast, not while it was told to be silent.</summary>
    public void Begin(HostLimits limits, DateTimeOffset now)
    {
        Assert.True(++_running <= limits.Concurrency, $"{Name} sees {_running} visits at once");
        Assert.True(now >= _silentUntil, $"{Name} asked for silence until {_silentUntil:O}; visited at {now:O}");
        _begun.Enqueue(now);
        while (now - _begun.Peek() >= TimeSpan.FromSeconds(1))
        {
            _begun.Dequeue();
        }

        // What a second earns, and what the bucket held when it began.
        double most = limits.RequestsPerSecond + Math.Max(1, limits.RequestsPerSecond / 10);
        Assert.True(_begun.Count <= Math.Ceiling(most), $"{Name} sees {_begun.Count} visits begun in a second");
    }

    public void End() => _running--;

    /// <summary>It was heard asking for patience: from now on no visit begins before.</summary>
    public void Hear(RemoteFailure failure, DateTimeOffset now)
    {
        Troubles += failure.Kind is RemoteFailureKind.Throttled or RemoteFailureKind.Unreachable or RemoteFailureKind.TimedOut || failure.RetryAfter is not null ? 1 : 0;
        if (failure.RetryAfter is { } silence && now + silence > _silentUntil)
        {
            _silentUntil = now + silence;
        }
    }

    /// <summary>The engine was dropped: nobody waits for the answers under way, and what was not saved is forgiven.</summary>
    public void Forget(DateTimeOffset savedSilence)
    {
        _running = 0;
        _begun.Clear();
        _silentUntil = _silentUntil < savedSilence ? _silentUntil : savedSilence;
    }
}
