using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Client.Reports;

/// <summary>
/// Completes the report of a campaign that was cut off. A visit is durable before its line is written, so a killed process
/// may have recorded visits without a line; they are found in the head database and told there before the campaign goes on.
/// Holds eight bytes for each line of the report.
/// </summary>
internal static class ReportRecovery
{
    /// <summary>Adds what the report lacks of the last unfinished campaign of this key.</summary>
    /// <returns>How many lines were added.</returns>
    public static async Task<long> CompleteAsync(ReportWriter report, string path, IHeadStore heads, string key, CancellationToken cancellationToken)
    {
        if (await FindUnfinishedAsync(heads, key, cancellationToken) is not { } campaign)
        {
            return 0;
        }

        HashSet<ulong> told = ReadUrls(path);
        long added = 0;
        await foreach (RepositoryState state in heads.ListAsync(cancellationToken))
        {
            if (state.Campaign != campaign.Id || told.Contains(Hash(state.Url.ToString())))
            {
                continue;
            }

            await foreach (Visit visit in heads.ListVisitsAsync(state.Url, cancellationToken))
            {
                report.Write(Describe(visit));
                added++;
                break;
            }
        }

        report.Flush();
        return added;
    }

    private static async Task<CampaignState?> FindUnfinishedAsync(IHeadStore heads, string key, CancellationToken cancellationToken)
    {
        await foreach (CampaignState campaign in heads.ListCampaignsAsync(cancellationToken))
        {
            if (campaign.Key == key)
            {
                return campaign.EndedAt is null ? campaign : null;
            }
        }

        return null;
    }

    private static SyncReport Describe(Visit visit) => new()
    {
        Url = visit.Url,
        Outcome = visit.Outcome,
        Snapshot = visit.Snapshot,
        Objects = visit.Objects,
        BytesReceived = visit.BytesReceived,
        ElapsedMs = visit.ElapsedMs,
        MovedTo = visit.MovedTo,
        RetryAt = visit.RetryAt,
        Error = visit.Error,
    };

    private static HashSet<ulong> ReadUrls(string path)
    {
        HashSet<ulong> urls = [];
        foreach (string line in File.ReadLines(path))
        {
            Utf8JsonReader json = new(Encoding.UTF8.GetBytes(line));
            // {"url":"…": the third token is the value.
            if (json.Read() && json.Read() && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("url"u8) && json.Read())
            {
                urls.Add(Hash(json.GetString()!));
            }
        }

        return urls;
    }

    private static ulong Hash(string url) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(url)));
}
