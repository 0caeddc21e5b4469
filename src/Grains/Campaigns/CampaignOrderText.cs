using System.Text.Json;
using Actors.Git.Refs;
using Actors.Sync.Campaigns;

namespace Actors.Grains.Campaigns;

/// <summary>An order as the campaign store keeps it: JSON. Fields are only added; one that is missing is as the order has it.</summary>
internal static class CampaignOrderText
{
    public static string Write(CampaignOrder order) => JsonSerializer.Serialize(
        new CampaignOrderForm
        {
            Name = order.Name,
            Refs = order.Refs.Text,
            MaxAge = order.MaxAge,
            IgnoreRetryTimes = order.IgnoreRetryTimes,
            IncludeParked = order.IncludeParked,
            SyncTimeMax = order.SyncTimeMax,
            PackBytesMax = order.PackBytesMax,
        },
        CampaignOrderJson.Default.CampaignOrderForm);

    /// <exception cref="FormatException">Not such a text.</exception>
    public static CampaignOrder Read(string text)
    {
        try
        {
            CampaignOrderForm form = JsonSerializer.Deserialize(text, CampaignOrderJson.Default.CampaignOrderForm) ?? new CampaignOrderForm();
            CampaignOrder usual = new();
            return new CampaignOrder
            {
                Name = form.Name ?? usual.Name,
                Refs = form.Refs is null ? usual.Refs : RefSelection.Parse(form.Refs),
                MaxAge = form.MaxAge ?? usual.MaxAge,
                IgnoreRetryTimes = form.IgnoreRetryTimes ?? usual.IgnoreRetryTimes,
                IncludeParked = form.IncludeParked ?? usual.IncludeParked,
                SyncTimeMax = form.SyncTimeMax ?? usual.SyncTimeMax,
                PackBytesMax = form.PackBytesMax ?? usual.PackBytesMax,
            };
        }
        catch (JsonException e)
        {
            throw new FormatException("A campaign's order is not right: " + e.Message, e);
        }
    }

    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public static void Check(CampaignOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        Demand(order.Name is { Length: <= Sync.Limits.CampaignNameMax } && !order.Name.Any(char.IsControl), "name", $"a text of at most {Sync.Limits.CampaignNameMax} characters without control characters");
        Demand(order.Refs is not null, "refs", "a selection of refs");
        Demand(Math.Abs((long)order.Priority) <= Sync.Limits.CampaignPriorityMax, "priority", $"a number from -{Sync.Limits.CampaignPriorityMax} to {Sync.Limits.CampaignPriorityMax}");
        Demand(order.MaxAge >= TimeSpan.Zero, "maxAge", "a time, or zero");
        Demand(order.SyncTimeMax > TimeSpan.Zero && order.SyncTimeMax <= Sync.Limits.SyncTimeMax, "syncTimeMax", $"a time up to {Sync.Limits.SyncTimeMax.TotalDays} days");
        Demand(order.PackBytesMax > 0, "packBytesMax", "above zero");
    }

    private static void Demand(bool holds, string name, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: not {what}");
        }
    }
}
