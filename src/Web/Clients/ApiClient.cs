using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Schedules;
using Actors.Web.Api;

namespace Actors.Web.Clients;

/// <summary>
/// The API from the other side. Everything throws <see cref="ApiException"/> where the server does not do it, with a message for
/// a person. What is followed survives broken connections: it is asked for again where it left off.
/// </summary>
public sealed partial class ApiClient : IDisposable
{
    private const string Campaigns = "api/v1/campaigns";
    private readonly HttpClient _http;
    private readonly ApiClientOptions _options;
    private readonly TimeProvider _clock;

    public ApiClient(ApiClientOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _clock) = (options, clock);
        SocketsHttpHandler handler = new()
        {
            // A redirect would take the token elsewhere; and what redirects is not what was meant.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !options.Address.IsLoopback,
            ConnectTimeout = Limits.ConnectTimeMax,
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri(options.Address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.Token is { } token)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>The server's address as it is shown.</summary>
    public string Address => _http.BaseAddress!.AbsoluteUri.TrimEnd('/');

    /// <summary>Makes sure that a server of ours answers which is new enough and lets us in.</summary>
    /// <returns>The version of its program.</returns>
    public async Task<string> GreetAsync(CancellationToken cancellationToken)
    {
        JsonElement server;
        try
        {
            server = await GetJsonAsync("api/v1", cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException e) when (e.Problem is null && !e.IsTransient)
        {
            throw new ApiException($"What answers at {Address} is no Actors server: is the address right? ({e.Message})", isTransient: false, inner: e);
        }

        if (server.ValueKind != JsonValueKind.Object || server.Text("name") != ApiRevision.Name)
        {
            throw new ApiException($"What answers at {Address} is no Actors server: is the address right?", isTransient: false);
        }

        return server.Number("revision") >= ApiRevision.Current ? server.Text("version") ?? "" : throw new ApiException(
            $"The server at {Address} (version {server.Text("version")}) is too old for this program: it speaks revision {server.Number("revision")} of the API, {ApiRevision.Current} is needed.",
            isTransient: false);
    }

    /// <summary>Submits a list, as it is read.</summary>
    public async Task<CampaignView> SubmitAsync(CampaignOrder order, TextReader list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        using HttpRequestMessage request = new(HttpMethod.Post, $"{Campaigns}?{QueryOf(order)}") { Content = new ListContent(list) };
        // Who may not submit is told before the list is on its way.
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(answer, CampaignJson.Read, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The newest campaigns.</summary>
    public Task<IReadOnlyList<CampaignView>> ListCampaignsAsync(int max, CancellationToken cancellationToken) =>
        ListAsync($"{Campaigns}?max={max}", "campaigns", CampaignJson.Read, cancellationToken);

    /// <summary>One campaign.</summary>
    public async Task<CampaignView> FindCampaignAsync(CampaignId id, CancellationToken cancellationToken) =>
        Decoded(CampaignJson.Read, await GetJsonAsync($"{Campaigns}/{id}", cancellationToken).ConfigureAwait(false));

    /// <summary>Pauses, resumes or cancels.</summary>
    /// <returns>Where it stands now.</returns>
    public async Task<CampaignPhase> SteerAsync(CampaignId id, CampaignPhase wanted, CancellationToken cancellationToken)
    {
        string verb = wanted switch
        {
            CampaignPhase.Paused => "pause",
            CampaignPhase.Running => "resume",
            CampaignPhase.Cancelled => "cancel",
            _ => throw new ArgumentOutOfRangeException(nameof(wanted), wanted, "No one can ask for that."),
        };
        using HttpRequestMessage request = new(HttpMethod.Post, $"{Campaigns}/{id}/{verb}");
        using HttpResponseMessage answer = await SendShortAsync(request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(answer, json => CampaignJson.ParsePhase(json.Text("phase") ?? ""), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes the priority.</summary>
    public async Task SetPriorityAsync(CampaignId id, int priority, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, $"{Campaigns}/{id}/priority")
        {
            Content = new StringContent($"{{\"priority\":{priority}}}", Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        using HttpResponseMessage answer = await SendShortAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forge hosts, busiest first.</summary>
    public Task<IReadOnlyList<HostView>> ListHostsAsync(CancellationToken cancellationToken) => ListAsync("api/v1/hosts", "hosts", HostJson.Read, cancellationToken);

    /// <summary>The processes that work.</summary>
    public Task<IReadOnlyList<SiloView>> ListSilosAsync(CancellationToken cancellationToken) => ListAsync("api/v1/silos", "silos", SiloJson.Read, cancellationToken);

    /// <summary>How far the store is behind the forges; null where the server does not know it (yet), or is older than the question.</summary>
    public async Task<ScheduleView?> ReadScheduleAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Decoded(ScheduleJson.Read, await GetJsonAsync("api/v1/schedule", cancellationToken).ConfigureAwait(false));
        }
        catch (ApiException e) when (e.Problem is { Status: 404 })
        {
            return null;
        }
    }

    /// <summary>A repository's heads as last committed; null when the cluster does not know it.</summary>
    public async Task<RepositoryHeads?> FindHeadsAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        try
        {
            return Decoded(HeadsJson.Read, await GetJsonAsync($"api/v1/repositories/heads?url={Uri.EscapeDataString(url.ToString())}", cancellationToken).ConfigureAwait(false));
        }
        catch (ApiException e) when (e.Problem is { Status: 404, Field: "url" })
        {
            return null;
        }
    }

    /// <summary>Why a repository is not done, in sentences.</summary>
    public async Task<IReadOnlyList<string>> ExplainAsync(RepositoryUrl url, CancellationToken cancellationToken) => await ListAsync(
        $"api/v1/repositories?url={Uri.EscapeDataString(url.ToString())}", "explain", json => json.GetString() ?? "", cancellationToken).ConfigureAwait(false);

    /// <summary>A repository's visits, newest first; none when the cluster does not know it.</summary>
    public async IAsyncEnumerable<Visit> ListVisitsAsync(RepositoryUrl url, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long before = long.MaxValue;
        while (before > 1)
        {
            IReadOnlyList<Visit> page;
            try
            {
                page = await ListAsync(
                    $"api/v1/repositories/visits?url={Uri.EscapeDataString(url.ToString())}&max={Limits.VisitsListedMax}&before={before}", "visits", json => VisitJson.Read(url, json), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (ApiException e) when (e.Problem is { Status: 404, Field: "url" })
            {
                yield break;
            }

            foreach (Visit visit in page)
            {
                yield return visit;
            }

            before = page.Count == Limits.VisitsListedMax ? page[^1].Number : 0;
        }
    }

    /// <summary>Of these oids, those that the store lacks, in the same order.</summary>
    public async Task<IReadOnlyList<Oid>> ListMissingAsync(IReadOnlyList<Oid> oids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(oids);
        List<Oid> missing = [];
        foreach (Oid[] batch in oids.Chunk(Limits.MissingLinesMax))
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "api/v1/objects/missing")
            {
                Content = new StringContent(string.Join('\n', batch), Encoding.ASCII, new MediaTypeHeaderValue("text/plain")),
            };
            using HttpResponseMessage answer = await SendShortAsync(request, cancellationToken).ConfigureAwait(false);
            foreach (string line in Encoding.ASCII.GetString(await ReadBytesAsync(answer, cancellationToken).ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                missing.Add(Oid.TryParse(line, out Oid oid) ? oid : throw new ApiException($"{Address} answered with something that is no oid.", isTransient: false));
            }
        }

        return missing;
    }

    public void Dispose() => _http.Dispose();

    private static string QueryOf(CampaignOrder order) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"name={Uri.EscapeDataString(order.Name)}&refs={Uri.EscapeDataString(order.Refs.Text)}&priority={order.Priority}&maxAgeSeconds={(long)order.MaxAge.TotalSeconds}"
        + $"&ignoreRetryTimes={(order.IgnoreRetryTimes ? "true" : "false")}&includeParked={(order.IncludeParked ? "true" : "false")}"
        + $"&syncTimeMaxSeconds={Math.Max(1, (long)order.SyncTimeMax.TotalSeconds)}&packBytesMax={order.PackBytesMax}");
}
