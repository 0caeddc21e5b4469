namespace Actors.Store.Campaigns;

/// <summary>What is told of a campaign when its submission begins.</summary>
/// <param name="Order">How to work it, as the caller writes it down; the store only keeps it.</param>
/// <param name="Priority">Higher goes first.</param>
public sealed record NewCampaign(string Order, int Priority);
