namespace Actors.Store.Campaigns.Submissions;

/// <summary>Lines of one host, in hand.</summary>
internal sealed class HostLines
{
    public PackedText Text { get; } = new();

    public int Count { get; set; }

    public int MemoryBytes => Text.Capacity + ListSplitter.BytesPerHost;
}
