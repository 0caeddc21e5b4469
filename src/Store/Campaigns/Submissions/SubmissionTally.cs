namespace Actors.Store.Campaigns.Submissions;

/// <summary>What of a list has come so far.</summary>
internal readonly record struct SubmissionTally(long Lines, long Repositories, long Duplicates, long Rejected);
