using System.Globalization;

namespace Actors.Store.Heads.Sqlite;

/// <summary>Submitted lists and how far they are.</summary>
internal sealed class CampaignTable(HeadConnection connection)
{
    private readonly Statement _page = connection.Prepare(
        "SELECT number, key, started_at, lines_done, outcomes, ended_at FROM campaign WHERE number < ?1 ORDER BY number DESC LIMIT ?2");

    private readonly Statement _insert = connection.Prepare("INSERT INTO campaign (key, started_at, lines_done, outcomes, ended_at) VALUES (?1, ?2, ?3, ?4, ?5)");
    private readonly Statement _update = connection.Prepare("UPDATE campaign SET lines_done = ?1, outcomes = ?2, ended_at = ?3 WHERE number = ?4 RETURNING 1");

    /// <summary>Campaigns older than <paramref name="before"/>, newest first.</summary>
    public List<CampaignState> Page(long before, int rowsMax)
    {
        List<CampaignState> campaigns = [];
        _ = _page.Bind(1, before).Bind(2, rowsMax);
        while (_page.Step())
        {
            campaigns.Add(new CampaignState
            {
                Id = new CampaignId(_page.Number(0)),
                Key = _page.Text(1)!,
                StartedAt = HeadTime.FromNumber(_page.Number(2)),
                LinesDone = _page.Number(3),
                Outcomes = Counts(_page.Text(4)!),
                EndedAt = HeadTime.FromNumber(_page.NumberOrNull(5)),
            });
        }

        _page.Reset();
        return campaigns;
    }

    public CampaignState Add(CampaignState campaign)
    {
        _insert.Bind(1, campaign.Key).Bind(2, HeadTime.ToNumber(campaign.StartedAt)).Bind(3, campaign.LinesDone)
            .Bind(4, Counts(campaign.Outcomes)).Bind(5, HeadTime.ToNumber(campaign.EndedAt)).Run();
        return campaign.Kept() with { Id = new CampaignId(connection.LastId) };
    }

    /// <summary>False when there is none of that number.</summary>
    public bool Save(CampaignState campaign)
    {
        bool known = _update.Bind(1, campaign.LinesDone).Bind(2, Counts(campaign.Outcomes)).Bind(3, HeadTime.ToNumber(campaign.EndedAt))
            .Bind(4, campaign.Id.Number).Step();
        _update.Reset();
        return known;
    }

    private static string Counts(IReadOnlyList<long> counts) => string.Join(',', counts.Select(c => c.ToString(CultureInfo.InvariantCulture)));

    private static long[] Counts(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(c => long.Parse(c, CultureInfo.InvariantCulture))];
}
