using Actors.Store.Heads;

namespace Actors.Sync.Campaigns;

/// <summary>Which campaigns are worked now.</summary>
internal static class CampaignTurns
{
    /// <summary>Those of the highest priority, of one priority the oldest; at most so many.</summary>
    public static HashSet<CampaignId> Choose(IEnumerable<(CampaignId Id, int Priority)> ready, int most) =>
        [.. ready.OrderByDescending(campaign => campaign.Priority).ThenBy(campaign => campaign.Id.Number).Take(most).Select(campaign => campaign.Id)];

    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public static void Check(CampaignOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        Demand(order.Name is { Length: <= Limits.CampaignNameMax } && !order.Name.Any(char.IsControl), "name", $"a text of at most {Limits.CampaignNameMax} characters without control characters");
        Demand(order.Refs is not null, "refs", "a selection of refs");
        CheckPriority(order.Priority);
        Demand(order.MaxAge >= TimeSpan.Zero, "maxAge", "a time, or zero");
        Demand(order.SyncTimeMax > TimeSpan.Zero && order.SyncTimeMax <= Limits.SyncTimeMax, "syncTimeMax", $"a time up to {Limits.SyncTimeMax.TotalDays} days");
        Demand(order.PackBytesMax > 0, "packBytesMax", "above zero");
    }

    /// <exception cref="ArgumentException">Out of its range.</exception>
    public static void CheckPriority(int priority) => Demand(
        Math.Abs((long)priority) <= Limits.CampaignPriorityMax, "priority", $"a number from -{Limits.CampaignPriorityMax} to {Limits.CampaignPriorityMax}");

    private static void Demand(bool holds, string name, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: not {what}");
        }
    }
}
