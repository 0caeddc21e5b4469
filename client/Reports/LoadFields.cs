using System.Text.Json;
using Actors.Loaders.Loads;
using Actors.Loaders.Objects;

namespace Actors.Client.Reports;

/// <summary>What a report's line has of a load beyond a sync's.</summary>
internal static class LoadFields
{
    public static void Write(Utf8JsonWriter json, LoadReport load)
    {
        json.WriteString("origin"u8, load.Origin);
        json.WriteString("era"u8, load.Era == Era.Revision ? "rev"u8 : "rel"u8);
        json.WriteString("visitStatus"u8, load.Status switch
        {
            VisitStatus.Full => "full"u8,
            VisitStatus.Partial => "partial"u8,
            VisitStatus.NotFound => "not_found"u8,
            _ => "failed"u8,
        });
        json.WriteString("loadStatus"u8, load.Status is VisitStatus.NotFound or VisitStatus.Failed ? "failed"u8 : load.IsEventful ? "eventful"u8 : "uneventful"u8);
        json.WriteNumber("releases"u8, load.Releases);
        json.WriteNumber("loaded"u8, load.Loaded);
        json.WriteNumber("skipped"u8, load.Skipped);
        json.WriteNumber("downloads"u8, load.Downloads);
        json.WriteStartObject("new"u8);
        json.WriteNumber("content"u8, load.Contents);
        json.WriteNumber("directory"u8, load.Directories);
        json.WriteNumber("revision"u8, load.Revisions);
        json.WriteNumber("release"u8, load.Tags);
        json.WriteNumber("snapshot"u8, load.IsNewSnapshot ? 1 : 0);
        json.WriteEndObject();
        if (load.Failures.Count == 0)
        {
            return;
        }

        json.WriteStartObject("failures"u8);
        foreach ((string release, string error) in load.Failures)
        {
            json.WriteString(release, error);
        }

        json.WriteEndObject();
    }
}
