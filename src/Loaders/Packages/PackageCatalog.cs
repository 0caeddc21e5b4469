using System.Collections.Concurrent;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Loaders.Registries;

namespace Actors.Loaders.Packages;

/// <summary>
/// The loaders, and the packages of one run by the key under which their visits are kept. A package is named
/// <c>SCHEME:NAME</c>, or by a JSON object with the releases themselves.
/// </summary>
public sealed class PackageCatalog
{
    private readonly Dictionary<string, IPackageLoader> _loaders;
    private readonly ConcurrentDictionary<RepositoryUrl, PackageOrigin> _origins = new();
    private readonly RegistryPlaces _places;

    /// <param name="places">Where registries are.</param>
    public PackageCatalog(RegistryPlaces places)
        : this(places, [new PyPiLoader(), new NpmLoader(), new DebianLoader(), new ArchiveLoader(), new CratesLoader()])
    {
    }

    internal PackageCatalog(RegistryPlaces places, IReadOnlyList<IPackageLoader> loaders)
    {
        _places = places;
        _loaders = loaders.ToDictionary(loader => loader.Scheme, StringComparer.Ordinal);
    }

    /// <summary>The words before the colon.</summary>
    public IReadOnlyCollection<string> Schemes => _loaders.Keys;

    /// <summary>Reads one line of a list and remembers its package.</summary>
    /// <returns>The package; null for an empty line or a comment.</returns>
    /// <exception cref="FormatException">It names none; the message is for a person.</exception>
    public PackageOrigin? Add(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string text = line.Trim().TrimStart('\ufeff');
        if (text.Length == 0 || text[0] == '#')
        {
            return null;
        }

        PackageOrigin origin = text[0] == '{' ? OfJson(text) : OfName(text);
        if (_origins.Count >= Limits.OriginsMax)
        {
            throw new FormatException($"more than {Limits.OriginsMax} packages in one run");
        }

        _origins[origin.Key] = origin;
        return origin;
    }

    /// <summary>The package of a key, or null.</summary>
    public PackageOrigin? Find(RepositoryUrl key) => _origins.GetValueOrDefault(key);

    internal IPackageLoader LoaderOf(PackageOrigin origin) => _loaders[origin.Scheme];

    private PackageOrigin OfName(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || !_loaders.TryGetValue(text[..colon], out IPackageLoader? loader))
        {
            throw new FormatException($"not one of {string.Join(", ", _loaders.Keys.Select(scheme => scheme + ":"))}");
        }

        string name = text[(colon + 1)..];
        if (loader is ArchiveLoader)
        {
            return OfAddresses(loader, name.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }

        if (name.Length is 0 or > 500 || name.Any(c => char.IsControl(c) || c is ' ' or '\\' or '?' or '#' or '%'))
        {
            throw new FormatException("not a package's name");
        }

        return loader.Origin(name, _places.Find(loader.Scheme, name), _places.OriginTemplate);
    }

    /// <summary>Archives by their addresses: their origin is the folder that they lie in.</summary>
    private static PackageOrigin OfAddresses(IPackageLoader loader, string[] addresses)
    {
        Uri[] uris = [.. addresses.Select(address => Json.AddressOf(address) ?? throw new FormatException($"'{address}' is no http or https address"))];
        if (uris.Length == 0 || uris.Any(uri => uri.AbsolutePath.EndsWith('/')))
        {
            throw new FormatException("archive: wants the addresses of archives");
        }

        string folder = new Uri(uris[0], ".").AbsoluteUri;
        if (uris.Any(uri => new Uri(uri, ".").AbsoluteUri != folder))
        {
            throw new FormatException("the archives of one line lie in one folder");
        }

        JsonElement arguments = JsonSerializer.SerializeToElement(new { addresses });
        return loader.Origin(folder, uris[0], null) with { Arguments = arguments };
    }

    /// <summary><c>{"loader":…, "origin":…, …}</c>: what else is in it, the loader reads.</summary>
    private PackageOrigin OfJson(string text)
    {
        JsonElement root;
        try
        {
            root = Json.Parse(System.Text.Encoding.UTF8.GetBytes(text));
        }
        catch (Objects.ArchiveException e)
        {
            throw new FormatException(e.Message, e);
        }

        string scheme = root.Text("loader") ?? "archive";
        if (!_loaders.TryGetValue(scheme, out IPackageLoader? loader))
        {
            throw new FormatException($"'{scheme}' is no loader");
        }

        string name = root.Text("origin") ?? throw new FormatException("an origin in JSON has an \"origin\"");
        return loader.Origin(name, RegistryOf(root) ?? _places.FindOrNone(scheme), _places.OriginTemplate) with { Arguments = root };
    }

    /// <summary>The host that the list's own releases lie on: whose patience a load of them spends.</summary>
    private static Uri? RegistryOf(JsonElement root)
    {
        foreach (JsonProperty package in root.Get("packages").ValueKind == JsonValueKind.Object ? root.Get("packages").EnumerateObject() : default)
        {
            foreach (JsonProperty file in package.Value.Get("files").ValueKind == JsonValueKind.Object ? package.Value.Get("files").EnumerateObject() : default)
            {
                if (file.Value.Address("uri") is { } address)
                {
                    return new Uri(address, "/");
                }
            }
        }

        return null;
    }
}
