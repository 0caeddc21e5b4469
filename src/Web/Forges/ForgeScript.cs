using System.Collections.Concurrent;
using System.Text;

namespace Actors.Web.Forges;

/// <summary>
/// A forge that misbehaves by script and seed: told the time, it says what is done with each request, whether a real server
/// (<see cref="LocalForge"/>) or a simulation asks. What befalls a repository follows from the seed, its name and the number of
/// the request, so that a run repeats whatever threads do. Safe for calls at once.
/// </summary>
public sealed class ForgeScript
{
    /// <summary>Ends the name of a repository that moved, so that the new one does not move again.</summary>
    private const string MovedTail = "-moved";

    private readonly ForgeScriptOptions _options;
    private readonly int _seed;
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private volatile bool _healthy;

    public ForgeScript(ForgeScriptOptions options, int seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _seed) = (options, seed);
        Limiter = options.Limit is { } limit ? new RequestLimiter(limit) : null;
    }

    /// <summary>The limit at work, with its counts; null: there is none.</summary>
    public RequestLimiter? Limiter { get; }

    /// <summary>From now on nothing goes wrong by chance, and nobody is private; the limit stays, and what moved or is gone remains so.</summary>
    public bool Healthy
    {
        get => _healthy;
        set => _healthy = value;
    }

    /// <summary>Deeds other than serving so far.</summary>
    public ConcurrentDictionary<ForgeDeed, int> Deeds { get; } = new();

    /// <summary>What is done with the next request for a repository, named without <c>.git</c>.</summary>
    /// <param name="repository">Which.</param>
    /// <param name="now">The time.</param>
    /// <param name="isFetch">A pack is asked for.</param>
    public ForgeAct Next(string repository, DateTimeOffset now, bool isFetch = true)
    {
        ForgeAct act = Decide(repository, now);
        if (act.Deed is ForgeDeed.BentPack or ForgeDeed.StallInPack or ForgeDeed.ResetInPack && !isFetch)
        {
            act = default;
        }

        if (act.Deed != ForgeDeed.Serve)
        {
            Deeds.AddOrUpdate(act.Deed, 1, static (_, count) => count + 1);
        }

        return act;
    }

    /// <summary>Where a repository is served under: its first name, without what a move added.</summary>
    public static string FirstName(string repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return repository.EndsWith(MovedTail, StringComparison.Ordinal) ? repository[..^MovedTail.Length] : repository;
    }

    private ForgeAct Decide(string repository, DateTimeOffset now)
    {
        int number = _requests.AddOrUpdate(repository, 1, static (_, count) => count + 1);
        if (Limiter?.Ask(now) is { Allowed: false } refused)
        {
            bool told = _options.Accent != ForgeAccent.Silent && !(refused.Banned && _options.Accent is ForgeAccent.GitHub or ForgeAccent.GitLab);
            return new ForgeAct(refused.Banned ? ForgeDeed.Ban : ForgeDeed.Throttle, told ? refused.RetryAfter : null);
        }

        double fate = Chance(FirstName(repository), 0);
        if (fate < _options.GoneShare)
        {
            return new ForgeAct(ForgeDeed.Gone);
        }

        bool moved = fate < _options.GoneShare + _options.MovedShare;
        if (moved && !repository.EndsWith(MovedTail, StringComparison.Ordinal))
        {
            return new ForgeAct(ForgeDeed.Moved, null, repository + MovedTail);
        }

        if (_healthy)
        {
            return default;
        }

        if (fate > 1 - _options.PrivateShare && now.UtcTicks / _options.FlipTime.Ticks % 2 == 0)
        {
            return new ForgeAct(ForgeDeed.Private);
        }

        double luck = Chance(repository, number);
        if (luck >= _options.FaultShare)
        {
            return default;
        }

        double place = luck / _options.FaultShare * _options.Faults.Count;
        ForgeDeed deed = _options.Faults[(int)place];
        return new ForgeAct(deed, Where: place - Math.Floor(place), Delay: deed == ForgeDeed.SlowStart ? _options.SlowTime : default);
    }

    /// <summary>A number from 0 to 1 that is the same for the same seed, name and number (FNV-1a, mixed).</summary>
    private double Chance(string name, int number)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ b) * 1099511628211;
        }

        hash ^= ((ulong)(uint)_seed << 32) | (uint)number;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return ((hash ^ (hash >> 33)) >> 11) / (double)(1UL << 53);
    }
}
