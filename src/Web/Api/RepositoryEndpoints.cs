using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Web.Api;

/// <summary>Repositories: what is known of one and why it is not done, heads now and then, visits.</summary>
internal static class RepositoryEndpoints
{
    private const string Root = "/api/v1/repositories";

    public static void Map(ApiRoutes routes)
    {
        routes.Get(Root, DescribeAsync);
        routes.GetStream(Root + "/heads", ReadHeadsAsync);
        routes.Get(Root + "/visits", ListVisitsAsync);
    }

    private static async Task DescribeAsync(ApiCall call)
    {
        RepositoryUrl url = ApiCall.UrlOf(call.Query("url"));
        RepositoryState? state = (await call.Engine.Heads.FindAsync([url], call.Token).ConfigureAwait(false))[0];
        IReadOnlyList<string> sentences = await call.Board.ExplainAsync(url, call.Token).ConfigureAwait(false);
        await call.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("url"u8, url.ToString());
            json.WriteString("host"u8, url.Host.ToString());
            if (state is null)
            {
                json.WriteNull("repository"u8);
            }
            else
            {
                json.WritePropertyName("repository"u8);
                RepositoryJson.Write(json, state);
            }

            json.WriteStartArray("explain"u8);
            foreach (string sentence in sentences)
            {
                json.WriteStringValue(sentence);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>Of one repository, or, without a URL, of all: one object a line.</summary>
    private static async Task ReadHeadsAsync(ApiCall call)
    {
        QueryReader query = call.Query("url", "snapshot");
        SnapshotId? wanted = query.Parsed("snapshot", text => (SnapshotId?)SnapshotId.Parse(text), null);
        if (query.Text("url") is null && wanted is null)
        {
            await ReadAllHeadsAsync(call).ConfigureAwait(false);
            return;
        }

        RepositoryUrl url = ApiCall.UrlOf(query);
        RepositoryState state = await FindAsync(call, url).ConfigureAwait(false);
        if (wanted is { } id && await call.Engine.Heads.ReadSnapshotAsync(id, call.Token).ConfigureAwait(false) is null)
        {
            throw RequestRefusedException.Unknown("snapshot", $"There is no snapshot {id} in this store.");
        }

        RepositoryHeads heads = await ReadHeadsAsync(call, state, wanted ?? state.Snapshot).ConfigureAwait(false);
        call.Response.ContentType = ApiCall.JsonType;
        await using Utf8JsonWriter json = new(call.Response.Body, SyncReportJson.WriterOptions);
        await HeadsJson.WriteAsync(json, heads, call.Token).ConfigureAwait(false);
    }

    private static async Task ReadAllHeadsAsync(ApiCall call)
    {
        call.BeginStream("application/x-ndjson");
        await using Utf8JsonWriter json = new(call.Response.Body, SyncReportJson.WriterOptions);
        byte[] lineFeed = "\n"u8.ToArray();
        await foreach (RepositoryState state in call.Engine.Heads.ListAsync(call.Token).ConfigureAwait(false))
        {
            await HeadsJson.WriteAsync(json, await ReadHeadsAsync(call, state, state.Snapshot).ConfigureAwait(false), call.Token).ConfigureAwait(false);
            json.Reset();
            await call.Response.Body.WriteAsync(lineFeed, call.Token).ConfigureAwait(false);
        }
    }

    private static async Task<RepositoryHeads> ReadHeadsAsync(ApiCall call, RepositoryState state, SnapshotId? id) => new(
        state,
        id is { } stored ? await call.Engine.Heads.ReadSnapshotAsync(stored, call.Token).ConfigureAwait(false) : null,
        id is null ? await call.Engine.Heads.FindImportedAsync(state.Url, call.Token).ConfigureAwait(false) : null);

    private static async Task ListVisitsAsync(ApiCall call)
    {
        QueryReader query = call.Query("url", "max", "before");
        RepositoryUrl url = ApiCall.UrlOf(query);
        long max = query.Number("max", Limits.VisitsListed, 1, Limits.VisitsListedMax);
        long before = query.Number("before", long.MaxValue, 1, long.MaxValue);
        _ = await FindAsync(call, url).ConfigureAwait(false);
        List<Visit> visits = [];
        await foreach (Visit visit in call.Engine.Heads.ListVisitsAsync(url, call.Token).ConfigureAwait(false))
        {
            if (visit.Number < before)
            {
                visits.Add(visit);
            }

            if (visits.Count == max)
            {
                break;
            }
        }

        await call.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("url"u8, url.ToString());
            json.WriteStartArray("visits"u8);
            foreach (Visit visit in visits)
            {
                VisitJson.Write(json, visit);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task<RepositoryState> FindAsync(ApiCall call, RepositoryUrl url) =>
        (await call.Engine.Heads.FindAsync([url], call.Token).ConfigureAwait(false))[0]
            ?? throw RequestRefusedException.Unknown("url", $"{url} is not known to this store: no campaign has visited it.");
}
