using Actors.Store.Heads;

namespace Actors.Sync.Campaigns;

/// <summary>Decides, from what the head store knows, whether a repository of a campaign's list is visited.</summary>
/// <param name="Campaign">The campaign that asks.</param>
/// <param name="RunSince">When this run of it began: later than the campaign, when resumed.</param>
/// <param name="MaxAge">Younger successes are left alone; zero: none.</param>
/// <param name="IgnoreRetryTimes">Come also before the time that an earlier visit named.</param>
/// <param name="IncludeParked">Come also to those that were gone or refused for weeks, before their time.</param>
/// <param name="Revisit">Come also to those that this campaign has visited: its list says when.</param>
internal sealed record VisitRule(CampaignId Campaign, DateTimeOffset RunSince, TimeSpan MaxAge, bool IgnoreRetryTimes, bool IncludeParked = false, bool Revisit = false)
{
    public Admission Decide(RepositoryState? known, DateTimeOffset now)
    {
        if (known is null || known.Visit == 0)
        {
            return Admission.Visit;
        }

        if (!Revisit && known.Campaign == Campaign)
        {
            return known.VisitedAt < RunSince ? Admission.DoneBefore : Admission.Duplicate;
        }

        if (MaxAge > TimeSpan.Zero && known.SucceededAt is { } succeeded && now - succeeded < MaxAge)
        {
            return Admission.Young;
        }

        if (!IncludeParked && known.Evidence.IsParked && known.RetryAt > now)
        {
            return Admission.Parked;
        }

        return !IgnoreRetryTimes && known.RetryAt > now ? Admission.NotYet : Admission.Visit;
    }
}
