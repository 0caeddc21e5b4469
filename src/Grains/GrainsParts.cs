using System.Net;
using Actors.Git.Remotes;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Repositories;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Grains;

/// <summary>What a silo's grains work with. All of it stays the caller's, and outlives the silo.</summary>
public sealed record GrainsParts
{
    public required IHeadStore Heads { get; init; }

    public required IObjectStore Objects { get; init; }

    public required ICampaignStore Campaigns { get; init; }

    /// <summary>The wire, for real syncs; null where <see cref="Steps"/> says what visits are.</summary>
    public IGitClient? Client { get; init; }

    /// <summary>What visits are; null: syncs of git repositories.</summary>
    public VisitSteps? Steps { get; init; }

    /// <summary>What forge hosts are allowed.</summary>
    public ForgeRules Rules { get; init; } = new();

    /// <summary>How much the silo does at once.</summary>
    public SiloWorkOptions Work { get; init; } = new();

    /// <summary>Where a host was met, or null: not yet, or through a proxy. Without it: as the client says.</summary>
    public Func<ForgeHost, IPAddress?>? AddressOf { get; init; }

    /// <summary>Of the program, as it is shown.</summary>
    public string Version { get; init; } = "";

    /// <summary>Lists may name paths, private addresses and other schemes than HTTP.</summary>
    public bool AllowPrivate { get; init; }
}
