using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Store.ExtIds;
using Actors.TestKit.Servers;

namespace Actors.EndToEnd.Tests.Kills;

/// <summary>A registry with a few packages that get releases, large enough to be written in many steps.</summary>
internal sealed class PackageUpstreams : IAsyncDisposable
{
    private readonly SortedDictionary<string, List<object>> _packages = new(StringComparer.Ordinal) { ["a"] = [], ["b"] = [], ["c"] = [] };

    public RegistryServer Server { get; } = new();

    /// <summary>What the command line names.</summary>
    public string[] Origins => [.. _packages.Keys.Select(name => "pypi:" + name)];

    /// <summary>Releases that each package has.</summary>
    public int Releases { get; private set; }

    /// <summary>What its archives are known by, those without metadata too.</summary>
    public List<ExtId> Archives { get; } = [];

    /// <summary>SHA-256 of the contents of all archives.</summary>
    public HashSet<string> Contents { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a release to each package; one of each five has no metadata.</summary>
    public void Change()
    {
        Releases++;
        foreach ((string name, List<object> releases) in _packages)
        {
            byte[] archive = Pack(name, Releases, hasMetadata: Releases % 5 != 0);
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(archive));
            Archives.Add(new ExtId("pypi-archive-sha256", 0, sha256));
            string file = $"{name}-{Releases}.tar.gz";
            releases.Add(new
            {
                filename = file,
                packagetype = "sdist",
                upload_time = $"2020-01-01T00:{Releases % 60:00}:00",
                url = Server.Put($"/files/{file}", archive),
                size = archive.Length,
                digests = new { sha256 },
            });
            Server.Put($"/pypi/{name}/json", JsonSerializer.Serialize(new
            {
                info = new { name, version = $"{Releases}" },
                releases = releases.Select((release, i) => (Version: $"{i + 1}", Files: (object[])[release])).ToDictionary(one => one.Version, one => one.Files),
            }));
        }
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private byte[] Pack(string name, int release, bool hasMetadata)
    {
        Random random = new(release);
        MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (TarWriter tar = new(gzip, TarEntryFormat.Pax))
        {
            if (hasMetadata)
            {
                Add(tar, $"{name}-{release}/PKG-INFO", Encoding.UTF8.GetBytes($"Metadata-Version: 1.0\nName: {name}\nVersion: {release}\nAuthor: Ann\n"));
            }

            for (int i = 0; i < 30; i++)
            {
                Add(tar, $"{name}-{release}/{i % 4}/file{i}", Encoding.UTF8.GetBytes($"{i} {(i % 3 == 0 ? release : 0)}\n{new string('x', 100 * i)}"));
            }

            byte[] noise = new byte[200_000];
            random.NextBytes(noise);
            Add(tar, $"{name}-{release}/noise", noise);
        }

        return bytes.ToArray();
    }

    private void Add(TarWriter tar, string name, byte[] content)
    {
        Contents.Add(Convert.ToHexStringLower(SHA256.HashData(content)));
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
    }
}
