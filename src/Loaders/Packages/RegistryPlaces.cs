namespace Actors.Loaders.Packages;

/// <summary>Where registries are: said by the person, or by the ecosystem's own configuration on this machine.</summary>
public sealed record RegistryPlaces
{
    /// <summary>Said for all packages of this run; null: as each ecosystem is configured.</summary>
    public Uri? Registry { get; init; }

    /// <summary>How origins are named, with <c>{name}</c>; null: by the registry's own address.</summary>
    public string? OriginTemplate { get; init; }

    /// <summary>Looks where an ecosystem's configuration says that its registry is; null: it does not say.</summary>
    public Func<string, string, Uri?> Configured { get; init; } = static (_, _) => null;

    /// <summary>The registry of a loader, for a package; ends in a slash.</summary>
    /// <exception cref="FormatException">Nothing says where it is.</exception>
    internal Uri Find(string scheme, string name) =>
        Slashed(Registry ?? Configured(scheme, name)) ?? throw new FormatException($"where the registry of '{scheme}' is, no configuration says: give --registry URL");

    /// <summary>As <see cref="Find"/>, where a list brings its own releases and needs none.</summary>
    internal Uri FindOrNone(string scheme) => Slashed(Registry ?? Configured(scheme, "")) ?? new Uri("http://localhost/");

    private static Uri? Slashed(Uri? uri) => uri is null || uri.AbsoluteUri.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/");
}
