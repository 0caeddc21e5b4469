using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;
using Actors.Web.Access;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Api;

/// <summary>What works and what it has to do with: forge hosts and their brakes, silos, how far the store is behind, troubles.</summary>
internal static class ClusterEndpoints
{
    private const string Brake = "/api/v1/hosts/{host}/brake";

    public static void Map(ApiRoutes routes)
    {
        routes.Get("/api/v1", DescribeAsync);
        routes.Get("/api/v1/hosts", ListHostsAsync);
        routes.Map(HttpMethods.Put, Brake, AccessScope.Write, WebParts.Api, streams: false, BrakeAsync);
        routes.Map(HttpMethods.Delete, Brake, AccessScope.Write, WebParts.Api, streams: false, LiftBrakeAsync);
        routes.Get("/api/v1/silos", ListSilosAsync);
        routes.Get("/api/v1/schedule", ReadScheduleAsync);
        routes.Get("/api/v1/troubles", ListTroublesAsync);
    }

    /// <summary>What answers here: a client looks before anything else.</summary>
    private static Task DescribeAsync(ApiCall call)
    {
        call.Query();
        return call.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("name"u8, ApiRevision.Name);
            json.WriteNumber("revision"u8, ApiRevision.Current);
            json.WriteString("version"u8, call.Routes.Options.Version);
            json.WriteEndObject();
        });
    }

    private static async Task ListHostsAsync(ApiCall call)
    {
        call.Query();
        IReadOnlyList<HostView> hosts = await call.Board.ListHostsAsync(call.Token).ConfigureAwait(false);
        await WriteListAsync(call, "hosts", hosts, HostJson.Write).ConfigureAwait(false);
    }

    private static async Task ListSilosAsync(ApiCall call)
    {
        call.Query();
        IReadOnlyList<SiloView> silos = await call.Board.ListSilosAsync(call.Token).ConfigureAwait(false);
        await WriteListAsync(call, "silos", silos, SiloJson.Write).ConfigureAwait(false);
    }

    private static async Task ReadScheduleAsync(ApiCall call)
    {
        call.Query();
        ScheduleView? view = await call.ReadScheduleAsync().ConfigureAwait(false);
        view = view is null ? null : view with { Watch = await call.Board.ViewWatchAsync(call.Token).ConfigureAwait(false) };
        await call.WriteJsonAsync(json => ScheduleJson.Write(json, view)).ConfigureAwait(false);
    }

    private static async Task ListTroublesAsync(ApiCall call)
    {
        int max = (int)call.Query("max").Number("max", Limits.TroublesListed, 1, Limits.TroublesListedMax);
        (IReadOnlyList<SyncReport> failed, IReadOnlyList<SyncReport> slowest) = await call.Board.ListTroublesAsync(max, call.Token).ConfigureAwait(false);
        await call.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            WriteArray(json, "failed", failed, SyncReportJson.Write);
            WriteArray(json, "slowest", slowest, SyncReportJson.Write);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task BrakeAsync(ApiCall call)
    {
        ForgeHost host = HostOf(call);
        call.Query();
        DateTimeOffset now = call.Clock.GetUtcNow();
        DateTimeOffset until = await SmallBody.ReadAsync(call, json => (json.TimeOrNull("until"), json.NumberOrNull("seconds")) switch
        {
            ({ } time, null) => time,
            (null, > 0 and <= Limits.OrderSecondsMax and var seconds) => now.AddSeconds(seconds),
            _ => throw RequestRefusedException.Bad("until", "The body is {\"until\": \"2026-11-21T08:00:00Z\"} or {\"seconds\": 3600}."),
        }).ConfigureAwait(false);
        if (until <= now)
        {
            throw RequestRefusedException.Bad("until", "'until' has passed; DELETE lifts a brake.");
        }

        await call.Board.BrakeAsync(host, until, call.Token).ConfigureAwait(false);
        await WriteBrakeAsync(call, host, until).ConfigureAwait(false);
    }

    private static async Task LiftBrakeAsync(ApiCall call)
    {
        ForgeHost host = HostOf(call);
        call.Query();
        await call.Board.BrakeAsync(host, null, call.Token).ConfigureAwait(false);
        await WriteBrakeAsync(call, host, null).ConfigureAwait(false);
    }

    private static ForgeHost HostOf(ApiCall call)
    {
        try
        {
            string name = call.PathText("host");
            return name.Length <= Limits.HostCharsMax ? ForgeHost.Parse(name) : throw new FormatException($"A forge host has at most {Limits.HostCharsMax} characters.");
        }
        catch (FormatException e)
        {
            throw RequestRefusedException.Bad("host", e.Message);
        }
    }

    private static Task WriteBrakeAsync(ApiCall call, ForgeHost host, DateTimeOffset? until) => call.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("host"u8, host.ToString());
        json.WriteTime("brakedUntil"u8, until);
        json.WriteEndObject();
    });

    private static Task WriteListAsync<T>(ApiCall call, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write) => call.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        WriteArray(json, name, items, write);
        json.WriteEndObject();
    });

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }
}
