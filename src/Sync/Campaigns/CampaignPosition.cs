namespace Actors.Sync.Campaigns;

/// <summary>How far a campaign is, exactly: which lines are done, and what was counted of those that no report tells of.</summary>
/// <param name="Tally">Lines done.</param>
/// <param name="Duplicates">Lines that named a repository again.</param>
/// <param name="Skipped">Repositories left alone.</param>
/// <param name="Reported">Lines of the report up to this number tell of lines that are done here.</param>
internal sealed record CampaignPosition(LineTally Tally, long Duplicates, long Skipped, long Reported);
