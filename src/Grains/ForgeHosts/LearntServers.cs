using System.Collections.Concurrent;
using Actors.Git.Remotes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Grains.ForgeHosts;

/// <summary>Writes what servers taught this silo (<see cref="ServerProfiles"/>) into the head database, from which silos that start learn it.</summary>
internal sealed partial class LearntServers : BackgroundService
{
    private readonly ConcurrentDictionary<ForgeHost, ServerProfile> _learnt = new();
    private readonly GrainsParts _parts;
    private readonly TimeProvider _clock;
    private readonly ILogger<LearntServers> _log;

    public LearntServers(GrainsParts parts, TimeProvider clock, ILogger<LearntServers> log)
    {
        (_parts, _clock, _log) = (parts, clock, log);
        if (parts.Client is { } client)
        {
            client.Profiles.Learnt = (host, profile) => _learnt[host] = profile;
        }
    }

    /// <summary>Writes what was learnt since the last time.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        // Not copied by anything else: that asks for the size first, and fails when a server is learnt before it copies.
        KeyValuePair<ForgeHost, ServerProfile>[] learnt = _learnt.ToArray();
        if (learnt.Length == 0)
        {
            return;
        }

        try
        {
            await _parts.Heads.SaveProfilesAsync([.. learnt.Select(l => (l.Key, l.Value.ToString()))], cancellationToken);
            foreach (KeyValuePair<ForgeHost, ServerProfile> saved in learnt)
            {
                // Not what was learnt meanwhile.
                _learnt.TryRemove(saved);
            }
        }
        catch (IOException failure)
        {
            LogNotSaved(_log, failure, learnt.Length);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Limits.ProfilesPeriod, _clock, stoppingToken);
                await SaveAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await SaveAsync(CancellationToken.None);
        }
    }
}
