using System.Security.Cryptography;
using System.Text.Json;
using Actors.Loaders.Tests.Archives;
using Actors.TestKit.Servers;

namespace Actors.Loaders.Tests.Loads;

/// <summary>A project of our own making on a registry server.</summary>
internal sealed class PyPiProject(RegistryServer server, string name)
{
    private readonly Dictionary<string, List<object>> _releases = [];

    public string Latest { get; set; } = "";

    /// <summary>Where the listing is asked for.</summary>
    public string ListingPath => $"/pypi/{name}/json";

    /// <summary>Adds a source distribution and lists it.</summary>
    /// <returns>The path of its file.</returns>
    public string Add(string version, string? author = "Ann", string comment = "", byte[]? archive = null, string? sha256 = null, string? fileName = null, string type = "sdist")
    {
        string file = fileName ?? $"{name}-{version}.tar.gz";
        archive ??= Packing.TarGz(
            ($"{name}-{version}/PKG-INFO", $"Metadata-Version: 1.0\nName: {name}\nVersion: {version}\nAuthor: {author}\nAuthor-email: ann@example.org\n\nText\n"),
            ($"{name}-{version}/{name}.py", "print(1)\n"),
            ($"{name}-{version}/version", version));
        string path = $"/files/{file}";
        server.Put(path, archive);
        _releases.TryAdd(version, []);
        _releases[version].Add(new
        {
            filename = file,
            packagetype = type,
            comment_text = comment,
            upload_time = $"2020-01-{_releases.Count:00}T00:00:00",
            size = archive.Length,
            url = new Uri(server.Address, path),
            digests = new { sha256 = sha256 ?? Convert.ToHexStringLower(SHA256.HashData(archive)) },
        });
        Latest = version;
        Publish();
        return path;
    }

    public void Remove(string version)
    {
        _releases.Remove(version);
        Publish();
    }

    public void Publish() => server.Put(ListingPath, JsonSerializer.Serialize(new { info = new { name, version = Latest }, releases = _releases }));
}
