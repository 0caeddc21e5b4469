using System.Runtime.CompilerServices;
using Actors.Store.Campaigns.Postgres;
using Actors.Store.Campaigns.Submissions;
using Actors.Store.Heads;
using Actors.Store.Heads.Postgres;

namespace Actors.Store.Campaigns;

public sealed partial class PostgresCampaignStore
{
    public async Task<StoredCampaign> SubmitAsync(
        NewCampaign campaign, IAsyncEnumerable<SubmittedLine> lines, SubmissionOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(lines);

        // The number first: with it, adding the campaign twice adds it once.
        int number = await RunAsync(CampaignRows.DrawNumberAsync, cancellationToken).ConfigureAwait(false);
        _ = await RunAsync((source, cancellation) => StoredCampaignRows.AddAsync(source, number, campaign, cancellation), cancellationToken).ConfigureAwait(false);
        try
        {
            Random random;
            lock (_gate)
            {
                random = new Random(_random.Next());
            }

            SubmissionTarget target = new(_database, number);
            _ = await new ListSubmission(target, options ?? SubmissionOptions.Default, _clock, random).RunAsync(lines, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await GiveUpAsync(number).ConfigureAwait(false);
            throw CampaignFailure.IsOfDatabase(e) ? CampaignFailure.Describe(_database, e) : e;
        }

        return await FindAsync(new CampaignId(number), cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"Campaign {number} was removed while it was submitted.");
    }

    public async IAsyncEnumerable<StoredReportLine> ReadReportAsync(CampaignId id, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (id.Number is <= 0 or > int.MaxValue)
        {
            yield break;
        }

        while (true)
        {
            long from = after;
            List<StoredReportLine> page = await RunAsync((source, cancellation) => ReportRows.PageAsync(source, id, from, cancellation), cancellationToken).ConfigureAwait(false);
            if (page.Count == 0 && !await RunAsync((source, cancellation) => ReportRows.NumberAsync(source, id, cancellation), cancellationToken).ConfigureAwait(false))
            {
                yield break;
            }

            foreach (StoredReportLine line in page)
            {
                yield return line;
                after = line.Number;
            }
        }
    }

    /// <summary>What stays when this fails too, <see cref="TidyAsync"/> finds.</summary>
    private async Task GiveUpAsync(int number)
    {
        try
        {
            _ = await RunAsync((source, cancellation) => TidyRows.GiveUpAsync(source, number, cancellation), CancellationToken.None).ConfigureAwait(false);
            while (await RunAsync(TidyRows.RemoveAsync, CancellationToken.None).ConfigureAwait(false))
            {
            }
        }
        catch (IOException)
        {
            // The failure that brought us here is told.
        }
    }
}
