namespace Actors.Sync.ForgeHosts;

/// <summary>
/// What known forges bear, each figure with its source. They are ceilings and starts: within them the policy finds the rest
/// by itself. Where a forge publishes no figure for git over HTTP, the figure of its documented limit for the like is taken, halved.
/// </summary>
public static class HostPresets
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Hosts that are not named here: nothing is known, so they are met slowly; the caller's ceilings hold.</summary>
    public static HostRules Others { get; } = new() { Concurrency = 1000 };

    /// <summary>By host.</summary>
    public static IReadOnlyDictionary<string, HostRules> Rules { get; } = new Dictionary<string, HostRules>
    {
        // docs.github.com, "Rate limits for the REST API", secondary limits: 100 at once, 900 points a minute (15 a second); wait at least one minute
        // after a refusal without Retry-After, and longer each time. No figure for git is published.
        ["github.com"] = new() { Concurrency = 16, RequestsPerSecond = 15, FirstRequestsPerSecond = 5, Silence = Minute },

        // docs.gitlab.com, "Rate limits on GitLab.com": unauthenticated 500 requests a minute an address (8.3 a second).
        // docs.gitlab.com, "Failed authentication ban for Git": 403 for an hour after 30 bad credentials in 3 minutes, without headers.
        ["gitlab.com"] = new() { Concurrency = 8, RequestsPerSecond = 8, FirstRequestsPerSecond = 4, BanSilence = Hour },

        // support.atlassian.com, "API request limits": git over HTTPS and SSH 60,000 an hour (16.7 a second) for an account, by rolling
        // hour; none is named for anonymous git, so half of it.
        ["bitbucket.org"] = new() { Concurrency = 8, RequestsPerSecond = 8, FirstRequestsPerSecond = 4, Silence = Minute },

        // codeberg.org/Codeberg-e.V./requests and docs.codeberg.org: no figure is published; a donated machine that has
        // blocked busy crawlers: few at once.
        ["codeberg.org"] = new() { Concurrency = 4, RequestsPerSecond = 4, FirstRequestsPerSecond = 2, Silence = Minute },

        // A GitLab of Debian (wiki.debian.org/Salsa); measured: 8 processes at once were served, 16 met 429. GitLab's own ban after
        // bad credentials is an hour (docs.gitlab.com, "Failed authentication ban").
        ["salsa.debian.org"] = new() { Concurrency = 8, RequestsPerSecond = 8, FirstRequestsPerSecond = 4, BanSilence = Hour },

        // sourceware.org, "overseers" pages: volunteers' machine, no published figure, crawlers have been shut out by address. gcc.gnu.org is the same machine.
        ["sourceware.org"] = Sourceware,
        ["gcc.gnu.org"] = Sourceware,
    };

    private static HostRules Sourceware => new()
    {
        Concurrency = 2, RequestsPerSecond = 2, FirstConcurrency = 1, FirstRequestsPerSecond = 1, Silence = Minute, BanSilence = Hour, Budget = "sourceware",
    };
}
