using System.Collections.Concurrent;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.ForgeHosts;

/// <summary>What is kept of forge hosts between runs: read at a campaign's start, saved as it changes.</summary>
internal sealed class HostMemory(IHeadStore heads, ServerProfiles profiles) : IDisposable
{
    private readonly Dictionary<ForgeHost, ForgeHostState> _saved = [];
    private readonly ConcurrentQueue<ForgeHost> _learnt = new();

    /// <summary>Reads all states, teaches the profiles, and hands on what a policy goes on from.</summary>
    public async Task LoadAsync(HostBook book, CancellationToken cancellationToken)
    {
        await foreach (ForgeHostState state in heads.ListForgeHostsAsync(cancellationToken).ConfigureAwait(false))
        {
            _saved[state.Host] = state;
            RestoreProfile(state);
            if (state.SilentUntil is not null || state.Throttling is not null)
            {
                book.Remember(state);
            }
        }

        profiles.Learnt = (host, _) => _learnt.Enqueue(host);
    }

    /// <summary>Saves hosts whose policy changed, and those whose server was learnt.</summary>
    public async Task SaveAsync(List<(ForgeHost Host, long SilentUntil, string? Throttling)> changed, CancellationToken cancellationToken)
    {
        foreach ((ForgeHost host, long silentUntil, string? throttling) in changed)
        {
            ForgeHostState state = Find(host) with
            {
                SilentUntil = silentUntil == 0 ? null : new DateTimeOffset(silentUntil, TimeSpan.Zero),
                Throttling = throttling,
                Profile = profiles.Find(host)?.ToString(),
            };
            await SaveAsync(state, cancellationToken).ConfigureAwait(false);
        }

        while (_learnt.TryDequeue(out ForgeHost host))
        {
            await SaveAsync(Find(host) with { Profile = profiles.Find(host)?.ToString() }, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Listens to the profiles no longer.</summary>
    public void Dispose() => profiles.Learnt = null;

    private void RestoreProfile(ForgeHostState state)
    {
        try
        {
            if (state.Profile is { } text)
            {
                profiles.Restore(state.Host, ServerProfile.Parse(text));
            }
        }
        catch (FormatException)
        {
            // Written by another version: the server teaches us again.
        }
    }

    private ForgeHostState Find(ForgeHost host) => _saved.GetValueOrDefault(host) ?? new ForgeHostState(host, null, null, null);

    private async Task SaveAsync(ForgeHostState state, CancellationToken cancellationToken)
    {
        if (_saved.GetValueOrDefault(state.Host) != state)
        {
            _saved[state.Host] = state;
            await heads.SaveForgeHostAsync(state, cancellationToken).ConfigureAwait(false);
        }
    }
}
