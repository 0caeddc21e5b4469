using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Xunit;

namespace Actors.Sync.Tests.Campaigns;

public sealed class VisitRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RepositoryState Known = new()
    {
        Url = RepositoryUrl.Parse("https://example.org/a"),
        Visit = 3,
        VisitedAt = Now.AddHours(-2),
        SucceededAt = Now.AddHours(-2),
        Outcome = Outcome.Unchanged,
        Campaign = new CampaignId(6),
    };

    private static VisitRule Rule => new(new CampaignId(7), Now.AddMinutes(-30), TimeSpan.Zero, false);

    [Fact]
    public void Unknown_and_imported_repositories_are_visited()
    {
        Assert.Equal(Admission.Visit, Rule.Decide(null, Now));
        Assert.Equal(Admission.Visit, Rule.Decide(new RepositoryState { Url = Known.Url }, Now));
    }

    [Fact]
    public void Repository_of_an_earlier_campaign_is_visited() => Assert.Equal(Admission.Visit, Rule.Decide(Known, Now));

    [Theory]
    [InlineData(-31, (int)Admission.DoneBefore)]
    [InlineData(-30, (int)Admission.Duplicate)]
    [InlineData(-1, (int)Admission.Duplicate)]
    public void Repository_that_this_campaign_visited_is_not_visited_again(int minutes, int admission)
    {
        RepositoryState known = Known with { Campaign = new CampaignId(7), VisitedAt = Now.AddMinutes(minutes) };
        Assert.Equal((Admission)admission, Rule.Decide(known, Now));
    }

    [Theory]
    [InlineData(119, (int)Admission.Visit)]
    [InlineData(120, (int)Admission.Visit)]
    [InlineData(121, (int)Admission.Young)]
    public void Success_younger_than_the_maximal_age_is_left_alone(int maxAgeMinutes, int admission) =>
        Assert.Equal((Admission)admission, (Rule with { MaxAge = TimeSpan.FromMinutes(maxAgeMinutes) }).Decide(Known, Now));

    [Fact]
    public void Failure_does_not_count_as_young()
    {
        RepositoryState failed = Known with { SucceededAt = null, VisitedAt = Now.AddMinutes(-40), Outcome = Outcome.Unreachable };
        Assert.Equal(Admission.Visit, (Rule with { MaxAge = TimeSpan.FromDays(1) }).Decide(failed, Now));
    }

    [Fact]
    public void Retry_time_is_waited_for_unless_told_otherwise()
    {
        RepositoryState later = Known with { RetryAt = Now.AddSeconds(1) };
        Assert.Equal(Admission.NotYet, Rule.Decide(later, Now));
        Assert.Equal(Admission.Visit, Rule.Decide(later, Now.AddSeconds(1)));
        Assert.Equal(Admission.Visit, (Rule with { IgnoreRetryTimes = true }).Decide(later, Now));
    }

    [Fact]
    public void Parked_repository_is_left_alone_until_its_time_also_where_retry_times_are_ignored()
    {
        VisitRule rule = Rule with { IgnoreRetryTimes = true };
        RepositoryState parked = Known with
        {
            SucceededAt = null,
            RetryAt = Now.AddDays(9),
            Evidence = new RepositoryEvidence { AbsentSince = Now.AddDays(-20), Absences = RepositoryEvidence.AbsencesToPark },
        };
        Assert.Equal(Admission.Parked, rule.Decide(parked, Now));
        Assert.Equal(Admission.Visit, rule.Decide(parked, Now.AddDays(9)));
        Assert.Equal(Admission.Visit, (rule with { IncludeParked = true }).Decide(parked, Now));
        RepositoryState suspected = parked with { Evidence = parked.Evidence with { Absences = RepositoryEvidence.AbsencesToPark - 1 } };
        Assert.Equal(Admission.Visit, rule.Decide(suspected, Now));
    }
}
