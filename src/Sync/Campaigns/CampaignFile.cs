using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Git.Refs;
using Actors.Store.Index;

namespace Actors.Sync.Campaigns;

/// <summary>
/// What is kept of a submitted campaign beside its list and its report: <c>order.json</c> in its folder. The submission is
/// durable when the file is there. Fields are only added.
/// </summary>
internal sealed record CampaignFile
{
    public required string Name { get; init; }

    public required string Refs { get; init; }

    public int Priority { get; init; }

    public TimeSpan MaxAge { get; init; }

    public bool IgnoreRetryTimes { get; init; }

    public bool IncludeParked { get; init; }

    public TimeSpan SyncTimeMax { get; init; }

    public long PackBytesMax { get; init; }

    public CampaignPhase Phase { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public long Lines { get; init; }

    public CampaignProgress? Progress { get; init; }

    [JsonIgnore]
    public CampaignOrder Order => new()
    {
        Name = Name,
        Refs = RefSelection.Parse(Refs),
        Priority = Priority,
        MaxAge = MaxAge,
        IgnoreRetryTimes = IgnoreRetryTimes,
        IncludeParked = IncludeParked,
        SyncTimeMax = SyncTimeMax,
        PackBytesMax = PackBytesMax,
    };

    public static CampaignFile Of(CampaignView view) => new()
    {
        Name = view.Order.Name,
        Refs = view.Order.Refs.Text,
        Priority = view.Order.Priority,
        MaxAge = view.Order.MaxAge,
        IgnoreRetryTimes = view.Order.IgnoreRetryTimes,
        IncludeParked = view.Order.IncludeParked,
        SyncTimeMax = view.Order.SyncTimeMax,
        PackBytesMax = view.Order.PackBytesMax,
        Phase = view.Phase,
        SubmittedAt = view.SubmittedAt,
        EndedAt = view.EndedAt,
        Lines = view.Lines,
        Progress = view.Progress with { Hosts = [], Running = 0 },
    };

    /// <summary>Null: there is none, the submission did not come to its end.</summary>
    /// <exception cref="FormatException">It is not right.</exception>
    public static CampaignFile? Read(string folder)
    {
        string path = PathOf(folder);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            CampaignFile file = JsonSerializer.Deserialize(File.ReadAllBytes(path), CampaignFileJson.Default.CampaignFile) ?? throw new FormatException($"'{path}' is null.");
            _ = file.Order;
            return file;
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{path}' is not right: {e.Message}", e);
        }
    }

    /// <summary>Durable, in one step.</summary>
    public void Write(string folder) => DurableFiles.Replace(PathOf(folder), JsonSerializer.SerializeToUtf8Bytes(this, CampaignFileJson.Default.CampaignFile), fsync: true);

    private static string PathOf(string folder) => Path.Combine(folder, "order.json");
}
