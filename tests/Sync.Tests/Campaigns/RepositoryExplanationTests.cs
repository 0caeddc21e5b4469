using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Xunit;

namespace Actors.Sync.Tests.Campaigns;

public sealed class RepositoryExplanationTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RepositoryUrl Url = RepositoryUrl.Parse("https://salsa.debian.org/a/b");
    private static readonly HostView Host = new() { Host = Url.Host, Running = 2, Allowed = 8, Waiting = 418 };

    [Fact]
    public void A_host_that_is_silent_is_told_with_what_waits_there() => Assert.Contains(
        "salsa.debian.org asked for silence until 12:03:00; 418 repositories wait there.", Explain(host: Host with { SilentUntil = Now.AddMinutes(3) }));

    [Fact]
    public void Where_nothing_is_known_of_campaigns_and_nothing_waits_nothing_is_said_of_them() => Assert.Equal(
        ["salsa.debian.org asked for silence until 12:03:00.", "It was never visited."],
        RepositoryExplanation.Explain(Url, null, null, null, Host with { Waiting = 0, SilentUntil = Now.AddMinutes(3) }, null, null, Now));

    [Fact]
    public void A_brake_of_another_day_is_told_with_its_date() => Assert.Contains(
        "An operator braked salsa.debian.org until 2026-05-02 12:00:00; 1 repository waits there.", Explain(host: Host with { BrakedUntil = Now.AddDays(1), Waiting = 1 }));

    [Fact]
    public void A_host_that_is_down_or_busy_is_told()
    {
        Assert.Contains("salsa.debian.org does not answer: one request at a time tries whether it is back; 418 repositories wait there.", Explain(host: Host with { IsDown = true }));
        Assert.Contains("salsa.debian.org gets 2 of 8 syncs at once, and 1.5 requests a second; 418 repositories wait there.", Explain(host: Host with { RequestsPerSecond = 1.5 }));
    }

    [Fact]
    public void Campaigns_say_what_they_do_with_it()
    {
        CampaignFacts[] campaigns =
        [
            new(View(1, CampaignPhase.Running, "debian"), IsWorked: true, HasRepository: true),
            new(View(2, CampaignPhase.Paused), IsWorked: false, HasRepository: false),
            new(View(3, CampaignPhase.Running), IsWorked: true, HasRepository: false),
            new(View(4, CampaignPhase.Running), IsWorked: false, HasRepository: false),
            new(View(5, CampaignPhase.Submitting), IsWorked: false, HasRepository: false),
            new(View(6, CampaignPhase.Done), IsWorked: false, HasRepository: false),
            new(View(7, CampaignPhase.Running), IsWorked: false, HasRepository: false, Now.AddMinutes(1), "disk full"),
        ];
        Assert.Equal(
            [
                "Campaign 1 \"debian\" has taken it up: it waits for its turn.",
                "Campaign 2 is paused.",
                "Campaign 3 has read 1,000 of the 12,345 lines of its list and does not have it now: its line is done, or comes later, or is not there.",
                "Campaign 4 waits behind 2 other campaigns.",
                "Campaign 5 is still being submitted: nothing of it is worked before its list is complete.",
                "Campaign 7 failed (disk full); it goes on at 12:01:00.",
                "It was never visited.",
            ],
            Explain(campaigns: campaigns));
    }

    [Fact]
    public void Of_a_list_that_was_read_to_its_end_no_line_comes_later()
    {
        CampaignView view = View(3, CampaignPhase.Running);
        view = view with { Progress = view.Progress with { LinesRead = view.Lines, ListEnded = true } };
        Assert.Contains("Campaign 3 has visited it.", Explain(new RepositoryState { Url = Url, Visit = 1, Campaign = new CampaignId(3), Outcome = Outcome.New }, campaigns: [new CampaignFacts(view, IsWorked: true, HasRepository: false)]));
        Assert.Contains("Campaign 3 does not have it now: its line is done, or waits to be taken up, or is not in the list.", Explain(campaigns: [new CampaignFacts(view, IsWorked: true, HasRepository: false)]));
    }

    [Fact]
    public void The_repository_itself_is_told_last()
    {
        RepositoryState state = new()
        {
            Url = Url, Visit = 4, VisitedAt = Now.AddHours(-1), Outcome = Outcome.Gone, Campaign = new CampaignId(7), Failures = 3, SucceededAt = Now.AddDays(-9), RetryAt = Now.AddDays(2),
        };
        Assert.Equal(
            [
                "It is being visited since 11:59:30.",
                "No campaign is running or waiting.",
                "It was last visited at 11:00:00 by campaign 7: gone (no such repository).",
                "It failed 3 times in a row since 2026-04-22 12:00:00.",
                "Campaigns that obey retry times leave it alone until 2026-05-03 12:00:00.",
            ],
            Explain(state, "no such repository", Now.AddSeconds(-30)));
        Assert.Contains(
            "It was gone or refused for weeks: only campaigns that include parked repositories visit it before 2026-05-03 12:00:00.",
            Explain(state with { Evidence = new RepositoryEvidence { AbsentSince = Now.AddDays(-30), Absences = 5 } }));
    }

    private static IReadOnlyList<string> Explain(
        RepositoryState? state = null, string? error = null, DateTimeOffset? visitedSince = null, HostView? host = null, IReadOnlyList<CampaignFacts>? campaigns = null) =>
        RepositoryExplanation.Explain(Url, state, error, visitedSince, host, campaigns ?? [], null, Now);

    private static CampaignView View(long id, CampaignPhase phase, string name = "") => new()
    {
        Id = new CampaignId(id),
        Order = new CampaignOrder { Name = name },
        Phase = phase,
        SubmittedAt = Now,
        Lines = 12_345,
        Progress = new CampaignProgress { Elapsed = TimeSpan.Zero, Outcomes = [], LinesRead = 1000 },
    };
}
