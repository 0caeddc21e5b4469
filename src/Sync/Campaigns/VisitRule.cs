using Actors.Store.Heads;

namespace Actors.Sync.Campaigns;

/// <summary>Decides, from what the head store knows, whether a repository of a campaign's list is visited.</summary>
/// <param name="Campaign">The campaign that asks.</param>
/// <param name="RunSince">When this run of it began: later than the campaign, when resumed.</param>
/// <param name="MaxAge">Younger successes are left alone; zero: none.</param>
/// <param name="IgnoreRetryTimes">Come also before the time that an earlier visit named.</param>
internal sealed record VisitRule(CampaignId Campaign, DateTimeOffset RunSince, TimeSpan MaxAge, bool IgnoreRetryTimes)
{
    public Admission Decide(RepositoryState? known, DateTimeOffset now)
    {
        if (known is null || known.Visit == 0)
        {
            return Admission.Visit;
        }

        if (known.Campaign == Campaign)
        {
            return known.VisitedAt < RunSince ? Admission.DoneBefore : Admission.Duplicate;
        }

        if (MaxAge > TimeSpan.Zero && known.SucceededAt is { } succeeded && now - succeeded < MaxAge)
        {
            return Admission.Young;
        }

        return !IgnoreRetryTimes && known.RetryAt > now ? Admission.NotYet : Admission.Visit;
    }
}
