namespace Actors.Loaders.Packages;

/// <summary>What a registry lists of one package.</summary>
internal sealed record PackageListing
{
    /// <summary>Versions that exist, with or without artifacts that are loaded: none at all is an error.</summary>
    public required int VersionCount { get; init; }

    public required IReadOnlyList<PackageRelease> Releases { get; init; }

    /// <summary>What HEAD stands for, or null: no HEAD.</summary>
    public string? DefaultVersion { get; init; }

    /// <summary>Orders versions, for HEAD where the default version was not loaded.</summary>
    public IComparer<string> Versions { get; init; } = LooseVersions.Instance;

    /// <summary>Branches of the last snapshot stay when they are not listed any more: the list is only a part of the releases.</summary>
    public bool Appends { get; init; }
}
