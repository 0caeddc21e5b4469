using System.Text.Json;
using Actors.Store.Schedules;
using Actors.Sync.Schedules;

namespace Actors.Web.Api;

/// <summary>The JSON form of a <see cref="ScheduleView"/>: lags in seconds.</summary>
public static class ScheduleJson
{
    private const double DaySeconds = 86_400;

    /// <summary>Writes the object; of no view one without figures.</summary>
    public static void Write(Utf8JsonWriter json, ScheduleView? view)
    {
        ArgumentNullException.ThrowIfNull(json);
        WatchFigures figures = view?.Figures ?? WatchFigures.None;
        json.WriteStartObject();
        json.WriteTime("readAt"u8, view?.ReadAt);
        WriteLag(json, figures.Lag);
        json.WriteNumber("repositories"u8, figures.Repositories);
        json.WriteNumber("due"u8, figures.Due);
        json.WriteStartArray("queues"u8);
        foreach (ScheduleFigures queue in figures.Queues)
        {
            json.WriteStartObject();
            json.WriteString("queue"u8, NameOf(queue.Queue));
            json.WriteNumber("repositories"u8, queue.Repositories);
            json.WriteNumber("due"u8, queue.Due);
            json.WriteTime("earliestDueAt"u8, queue.EarliestDueAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("watch"u8);
        WriteWatch(json, view?.Watch);
        json.WriteEndObject();
    }

    /// <summary>Reads it; null: the server has no figures yet.</summary>
    /// <exception cref="FormatException">Not that.</exception>
    public static ScheduleView? Read(JsonElement json)
    {
        if (json.TimeOrNull("readAt") is not { } readAt)
        {
            return null;
        }

        ScheduleFigures[] queues =
        [
            .. json.Items("queues").Where(queue => Parse(queue.Text("queue")) is not null)
                .Select(queue => new ScheduleFigures(Parse(queue.Text("queue"))!.Value, queue.Number("repositories"), queue.Number("due"), queue.TimeOrNull("earliestDueAt"))),
        ];
        return new ScheduleView(new WatchFigures(ReadLag(json), queues), readAt, ReadWatch(json));
    }

    /// <summary>As metrics and the API call a queue.</summary>
    public static string NameOf(ScheduleQueue queue) => queue switch
    {
        ScheduleQueue.First => "first",
        ScheduleQueue.Known => "known",
        ScheduleQueue.Failing => "failing",
        _ => throw new ArgumentOutOfRangeException(nameof(queue), queue, "A queue without a name."),
    };

    private static ScheduleQueue? Parse(string? name) => Array.Find(Enum.GetValues<ScheduleQueue>(), queue => NameOf(queue) == name) is var found && Enum.IsDefined(found) ? found : null;

    private static void WriteLag(Utf8JsonWriter json, ExpectedLag lag)
    {
        json.WritePropertyName("lag"u8);
        if (lag.Repositories == 0)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteNumber("meanSeconds"u8, lag.MeanDays * DaySeconds);
        json.WriteNumber("ninetiethSeconds"u8, lag.NinetiethDays * DaySeconds);
        json.WriteNumber("behindShare"u8, lag.BehindShare);
        json.WriteNumber("sampled"u8, lag.Repositories);
        json.WriteEndObject();
    }

    private static ExpectedLag ReadLag(JsonElement json) => !json.TryGetProperty("lag", out JsonElement lag) || lag.ValueKind != JsonValueKind.Object
        ? WatchFigures.None.Lag
        : new ExpectedLag(
            (int)lag.Number("sampled"), (lag.FractionOrNull("meanSeconds") ?? 0) / DaySeconds, (lag.FractionOrNull("ninetiethSeconds") ?? 0) / DaySeconds, lag.FractionOrNull("behindShare") ?? 0);

    private static void WriteWatch(Utf8JsonWriter json, WatchView? watch)
    {
        if (watch is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteTime("startedAt"u8, watch.StartedAt);
        json.WriteNumber("visitsADay"u8, watch.VisitsADay);
        json.WriteNumber("running"u8, watch.Running);
        json.WriteNumber("visits"u8, watch.Visits);
        json.WriteNumber("found"u8, watch.Found);
        json.WriteNumber("told"u8, watch.Told);
        json.WriteText("failure"u8, watch.Failure);
        json.WriteEndObject();
    }

    private static WatchView? ReadWatch(JsonElement json) => !json.TryGetProperty("watch", out JsonElement watch) || watch.ValueKind != JsonValueKind.Object ? null : new WatchView
    {
        StartedAt = watch.TimeOrNull("startedAt") ?? default,
        VisitsADay = watch.FractionOrNull("visitsADay") ?? 0,
        Running = (int)watch.Number("running"),
        Visits = watch.Number("visits"),
        Found = watch.Number("found"),
        Told = watch.Number("told"),
        Failure = watch.Text("failure"),
    };
}
