using System.Text.Json;
using Actors.Git.Remotes;

namespace Actors.Loaders.Packages;

/// <summary>One package that is loaded.</summary>
public sealed record PackageOrigin
{
    /// <summary>Which loader: <c>pypi</c>, <c>npm</c>, <c>debian</c>, <c>archive</c>, <c>crates</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>The package's name, or a folder's URL.</summary>
    public required string Name { get; init; }

    /// <summary>The origin as Software Heritage names it.</summary>
    public required string Origin { get; init; }

    /// <summary>Under which its visits are kept; the host is the one that is asked first.</summary>
    public required RepositoryUrl Key { get; init; }

    /// <summary>Where the registry is; ends in a slash.</summary>
    public required Uri Registry { get; init; }

    /// <summary>What the registry called its answer at the last full visit; null: there was none, or it does not say.</summary>
    internal string? Validator { get; init; }

    /// <summary>What the list itself says of the releases, where no registry is asked.</summary>
    public JsonElement? Arguments { get; init; }
}
