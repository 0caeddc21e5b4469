namespace Actors.Store.Campaigns;

/// <summary>A line of a campaign's report.</summary>
/// <param name="Number">From 1, without gaps, once and for all.</param>
/// <param name="Line">As it was written.</param>
public readonly record struct StoredReportLine(long Number, ReadOnlyMemory<byte> Line);
