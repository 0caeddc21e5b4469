using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;

namespace Actors.Dashboard.Tests.Scenes;

/// <summary>Names and shares of a <see cref="Scene"/>, like those of a real list.</summary>
internal static class SceneNames
{
    public static IReadOnlyList<string> Hosts { get; } =
    [
        "github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "git.sr.ht", "salsa.debian.org", "gitlab.freedesktop.org", "gitlab.gnome.org", "git.kernel.org",
        "invent.kde.org", "framagit.org", "gitee.com", "git.savannah.gnu.org", "source.puri.sm", "gitlab.inria.fr", "notabug.org", "git.launchpad.net", "pagure.io",
        "code.videolan.org", "gitlab.torproject.org", "git.drupalcode.org", "gitlab.haskell.org", "repo.or.cz", "gitea.com", "gitlab.xfce.org", "git.code.sf.net", "android.googlesource.com",
        "gitlab.kitware.com", "0xacab.org", "git.disroot.org:3000",
    ];

    public static IReadOnlyList<string> Repositories { get; } =
    [
        "https://github.com/torvalds/linux", "https://github.com/redis/redis", "https://gitlab.com/gitlab-org/gitlab", "https://github.com/chromium/chromium", "https://codeberg.org/forgejo/forgejo",
        "https://salsa.debian.org/debian/hello", "https://git.sr.ht/~sircmpwn/aerc", "https://gitlab.gnome.org/GNOME/gtk", "https://invent.kde.org/plasma/kwin", "https://github.com/llvm/llvm-project",
        "https://bitbucket.org/pypy/pypy", "https://gitlab.freedesktop.org/mesa/mesa", "https://github.com/dotnet/orleans", "https://git.kernel.org/pub/scm/git/git", "https://github.com/valkey-io/valkey",
        "https://framagit.org/framasoft/peertube/peertube", "https://github.com/rust-lang/rust", "https://gitee.com/openharmony/docs", "https://git.savannah.gnu.org/git/emacs", "https://github.com/jqlang/jq",
    ];

    public static IReadOnlyList<(Outcome Outcome, Fault Fault, string Error)> Failures { get; } =
    [
        (Outcome.Throttled, Fault.Forge, "429 Too Many Requests; Retry-After: 900"),
        (Outcome.TimedOut, Fault.Network, "no byte for 60 s in the middle of a pack of 1.2 GB"),
        (Outcome.Corrupt, Fault.Repository, "pack entry 31,872 at offset 48,112,004 inflates to 611 bytes where its header says 612"),
        (Outcome.Gone, Fault.Repository, "404 Not Found"),
        (Outcome.Unreachable, Fault.Network, "name not known: git.example.invalid"),
        (Outcome.OverLimit, Fault.Repository, "more than 2,000,000 refs"),
        (Outcome.Failed, Fault.Ours, "our own storage failed: the bucket answered 503 five times"),
        (Outcome.Refused, Fault.Repository, "401 Unauthorized"),
        (Outcome.Unsupported, Fault.Ours, "object format sha256"),
        (Outcome.Throttled, Fault.Forge, "403 with 'You have exceeded a secondary rate limit'"),
        (Outcome.Unreachable, Fault.Network, "TLS: the certificate ended on 2026-10-03"),
        (Outcome.Corrupt, Fault.Repository, "ref advertisement: pkt-line of 65,521 bytes"),
        (Outcome.Failed, Fault.Forge, "502 Bad Gateway"),
        (Outcome.Moved, Fault.Repository, "redirected to a repository that is on the list too"),
    ];

    public static SyncReport Report(string url, Outcome outcome) => new()
    {
        Url = RepositoryUrl.Parse(url),
        Outcome = outcome,
        Error = Failures.Where(failure => failure.Outcome == outcome).Select(failure => failure.Error).FirstOrDefault(),
        Fault = Failures.Where(failure => failure.Outcome == outcome).Select(failure => failure.Fault).FirstOrDefault(),
    };

    /// <summary>Of all syncs, by outcome's number; with trouble, more are throttled and fail.</summary>
    public static double[] Shares(double trouble)
    {
        double[] shares = new double[16];
        shares[(int)Outcome.New] = 0.05;
        shares[(int)Outcome.Updated] = 0.19;
        shares[(int)Outcome.Empty] = 0.012;
        shares[(int)Outcome.Moved] = 0.009;
        shares[(int)Outcome.Gone] = 0.041;
        shares[(int)Outcome.Refused] = 0.018;
        shares[(int)Outcome.Throttled] = 0.012 * trouble;
        shares[(int)Outcome.Unreachable] = 0.006 * trouble;
        shares[(int)Outcome.TimedOut] = 0.002;
        shares[(int)Outcome.Corrupt] = 0.0008;
        shares[(int)Outcome.OverLimit] = 0.0004;
        shares[(int)Outcome.Unsupported] = 0.0011;
        shares[(int)Outcome.Failed] = 0.0031 * trouble;
        shares[(int)Outcome.Unchanged] = 1 - shares.Sum();
        return shares;
    }
}
