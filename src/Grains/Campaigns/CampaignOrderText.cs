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
}
