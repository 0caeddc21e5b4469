using Actors.Git.Remotes;

namespace Actors.Sync.Repositories;

/// <summary>What one sync has cost and brought so far.</summary>
internal sealed class SyncTally
{
    public List<Rung> Rungs { get; } = [];

    public int Refs { get; set; }

    public int Wants { get; private set; }

    public int Haves { get; private set; }

    public int Requests { get; private set; }

    public long BytesReceived { get; private set; }

    public long Objects { get; set; }

    public long? CloneBytes { get; set; }

    public RepositoryUrl? MovedTo { get; set; }

    public int Redirects { get; init; }

    /// <summary>A request whose answer, some hundred bytes once a host, is not measured.</summary>
    public void CountRequest() => Requests++;

    /// <summary>A fetch that ended by refusing its pack after so many bytes.</summary>
    public void AddRefused(long bytes)
    {
        Requests++;
        BytesReceived += bytes;
    }

    public void Add(ProbeReply reply)
    {
        Requests += reply.Requests;
        BytesReceived += reply.BytesReceived;
    }

    public void Add(FetchRequest request)
    {
        Wants += request.Wants.Count;
        Haves += request.Haves.Count;
    }

    public void Add(FetchResult result)
    {
        Requests += result.Requests;
        BytesReceived += result.BytesReceived;
    }
}
