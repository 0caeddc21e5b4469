using System.Text.Json;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Web.Access;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Api;

/// <summary>Campaigns: submit, list, watch, steer, read the report.</summary>
internal static partial class CampaignEndpoints
{
    private const string Root = "/api/v1/campaigns";
    private const string One = Root + "/{id}";

    public static void Map(ApiRoutes routes)
    {
        routes.PostStream(Root, SubmitAsync);
        routes.Get(Root, ListAsync);
        routes.Get(One, FindAsync);
        routes.GetStream(One + "/events", WatchAsync);
        routes.GetStream(One + "/report", ReadReportAsync);
        Steer(routes, "pause", CampaignPhase.Paused);
        Steer(routes, "resume", CampaignPhase.Running);
        Steer(routes, "cancel", CampaignPhase.Cancelled);
        routes.Map(HttpMethods.Put, One + "/priority", AccessScope.Write, WebParts.Api, streams: false, SetPriorityAsync);
    }

    private static void Steer(ApiRoutes routes, string verb, CampaignPhase wanted) =>
        routes.Map(HttpMethods.Post, $"{One}/{verb}", AccessScope.Write, WebParts.Api, streams: false, async call =>
        {
            CampaignId id = call.Campaign();
            call.Query();
            CampaignPhase phase = await call.Board.SteerAsync(id, wanted, call.Token).ConfigureAwait(false) ?? throw Unknown(id);
            await call.WriteJsonAsync(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("id"u8, id.Number);
                json.WriteString("phase"u8, CampaignJson.NameOf(phase));
                json.WriteEndObject();
            }).ConfigureAwait(false);
        });

    private static async Task ListAsync(ApiCall call)
    {
        QueryReader query = call.Query("max", "before");
        long max = query.Number("max", Limits.CampaignsListed, 1, Limits.CampaignsListedMax);
        long before = query.Number("before", long.MaxValue, 1, long.MaxValue);
        List<CampaignView> views = [];
        await foreach (CampaignView view in call.Board.ListAsync(call.Token).ConfigureAwait(false))
        {
            if (view.Id.Number < before)
            {
                views.Add(view);
            }

            if (views.Count == max)
            {
                break;
            }
        }

        await call.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("campaigns"u8);
            foreach (CampaignView view in views)
            {
                CampaignJson.Write(json, view);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task FindAsync(ApiCall call)
    {
        call.Query();
        CampaignView view = await FindAsync(call, call.Campaign()).ConfigureAwait(false);
        await call.WriteJsonAsync(json => CampaignJson.Write(json, view)).ConfigureAwait(false);
    }

    private static async Task SetPriorityAsync(ApiCall call)
    {
        CampaignId id = call.Campaign();
        call.Query();
        int priority = await SmallBody.ReadAsync(call, json => json.NumberOrNull("priority") is >= -Sync.Limits.CampaignPriorityMax and <= Sync.Limits.CampaignPriorityMax and var number
            ? (int)number
            : throw RequestRefusedException.Bad("priority", $"The body is {{\"priority\": N}}, N from -{Sync.Limits.CampaignPriorityMax} to {Sync.Limits.CampaignPriorityMax}.")).ConfigureAwait(false);
        if (!await call.Board.SetPriorityAsync(id, priority, call.Token).ConfigureAwait(false))
        {
            throw Unknown(id);
        }

        await call.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("id"u8, id.Number);
            json.WriteNumber("priority"u8, priority);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task<CampaignView> FindAsync(ApiCall call, CampaignId id) =>
        await call.Board.FindAsync(id, call.Token).ConfigureAwait(false) ?? throw Unknown(id);

    private static RequestRefusedException Unknown(CampaignId id) => RequestRefusedException.Unknown("id", $"There is no campaign {id}.");
}
