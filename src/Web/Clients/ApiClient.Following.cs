using System.Runtime.CompilerServices;
using System.Text.Json;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Web.Api;

namespace Actors.Web.Clients;

/// <content>Streams. A broken one is asked for again after a while, from where it was; only a refusal ends the following.</content>
public sealed partial class ApiClient
{
    /// <summary>The campaign now and as it changes; ends after the state that shows it done or cancelled.</summary>
    public async IAsyncEnumerable<CampaignView> WatchAsync(CampaignId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool ended = false;
        Patience patience = new(_options, _clock);
        while (!ended)
        {
            await foreach (ReadOnlyMemory<byte> line in LinesAsync($"{Campaigns}/{id}/events", patience, null, cancellationToken).ConfigureAwait(false))
            {
                // HTML standard, "Interpreting an event stream": our events are one line of data each; ids, names and comments say nothing new.
                if (line.Span.StartsWith("data: "u8))
                {
                    CampaignView view = Decoded(CampaignJson.Read, ParseLine(line[6..]));
                    ended = view.Phase is CampaignPhase.Done or CampaignPhase.Cancelled;
                    yield return view;
                }
            }

            if (!ended)
            {
                await patience.WaitAsync($"the connection to {Address} broke", cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Lines of the report after one; with <paramref name="follow"/> until the campaign has ended.</summary>
    public async IAsyncEnumerable<ReportLine> ReadReportAsync(CampaignId id, long after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Patience patience = new(_options, _clock);
        bool complete = false;
        while (!complete)
        {
            string path = $"{Campaigns}/{id}/report?after={after}&follow={(follow ? "true" : "false")}";
            await foreach (ReadOnlyMemory<byte> line in LinesAsync(path, patience, () => complete = true, cancellationToken).ConfigureAwait(false))
            {
                if (!line.IsEmpty)
                {
                    ReportLine report = ParseReport(line);
                    after = report.Number;
                    yield return report;
                }
            }

            if (!complete)
            {
                await patience.WaitAsync($"the connection to {Address} broke", cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Heads of all repositories, in no particular order. A connection that breaks ends it with an error.</summary>
    public async IAsyncEnumerable<RepositoryHeads> ListHeadsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool complete = false;
        await foreach (ReadOnlyMemory<byte> line in LinesAsync("api/v1/repositories/heads", new Patience(_options, _clock), () => complete = true, cancellationToken).ConfigureAwait(false))
        {
            yield return Decoded(HeadsJson.Read, ParseLine(line));
        }

        if (!complete)
        {
            throw new ApiException($"The connection to {Address} broke before the end of the list.", isTransient: true);
        }
    }

    private ReportLine ParseReport(ReadOnlyMemory<byte> line)
    {
        try
        {
            return ReportLineJson.Parse(line.Span);
        }
        catch (FormatException e)
        {
            throw new ApiException($"{Address} sent a line that this program does not understand: {e.Message} Is it newer?", isTransient: false, inner: e);
        }
    }

    private JsonElement ParseLine(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new ApiException($"{Address} sent a line that is not JSON: {e.Message}", isTransient: false, inner: e);
        }
    }

    /// <summary>Lines of one answer; ends where it breaks, and tells when it came to its own end.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(
        string path, Patience patience, Action? atEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        HttpResponseMessage answer;
        try
        {
            answer = await SendShortAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException e) when (e.IsTransient)
        {
            yield break;
        }

        using (answer)
        {
            LineReader lines = new(await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), Limits.AnswerBytesMax, _options.SilenceMax, _clock);
            while (true)
            {
                ReadOnlyMemory<byte>? line;
                try
                {
                    line = await lines.ReadAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is ApiException { IsTransient: true } or HttpRequestException or IOException and not ApiException)
                {
                    yield break;
                }

                if (line is not { } read)
                {
                    atEnd?.Invoke();
                    yield break;
                }

                patience.Renew();
                yield return read;
            }
        }
    }
}
