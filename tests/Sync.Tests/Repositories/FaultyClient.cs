using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Sync.Tests.Repositories;

/// <summary>The real client with faults put in: what it asks is real, what comes back is bent.</summary>
internal sealed class FaultyClient(IGitClient real) : IGitClient
{
    public ServerProfiles Profiles => real.Profiles;

    /// <summary>Fetches so far.</summary>
    public List<FetchRequest> Fetches { get; } = [];

    /// <summary>Called before each fetch, with its number from 1.</summary>
    public Action<int>? BeforeFetch { get; set; }

    /// <summary>Bends the pack of each fetch, given its number.</summary>
    public Func<int, byte[], byte[]>? Bend { get; set; }

    /// <summary>Answers a fetch instead of the remote; null lets it through.</summary>
    public Func<FetchRequest, FetchResult?>? Answer { get; set; }

    /// <summary>Answers a probe instead of the remote.</summary>
    public Func<ProbeReply?>? AnswerProbe { get; set; }

    public async ValueTask<ProbeReply> ProbeAsync(RepositoryUrl url, RefSelection refs, CancellationToken cancellationToken) =>
        AnswerProbe?.Invoke() ?? await real.ProbeAsync(url, refs, cancellationToken);

    public async ValueTask<ProbeReply> ProbeAsync(
        RepositoryUrl url, RefSelection refs, AdvertisementDigest? known, CancellationToken cancellationToken) =>
        AnswerProbe?.Invoke() ?? await real.ProbeAsync(url, refs, known, cancellationToken);

    public ValueTask<ServerProfile?> LearnAsync(RepositoryUrl url, CancellationToken cancellationToken) => real.LearnAsync(url, cancellationToken);

    public async Task<FetchResult> FetchAsync(
        RepositoryUrl url, FetchRequest request, Func<Stream, CancellationToken, Task> receiver, CancellationToken cancellationToken)
    {
        Fetches.Add(request);
        int number = Fetches.Count;
        BeforeFetch?.Invoke(number);
        return Answer?.Invoke(request) ?? await real.FetchAsync(url, request, Bend is null ? receiver : BentAsync, cancellationToken);

        async Task BentAsync(Stream pack, CancellationToken token)
        {
            var whole = new MemoryStream();
            await pack.CopyToAsync(whole, token);
            await receiver(new MemoryStream(Bend(number, whole.ToArray())), token);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
