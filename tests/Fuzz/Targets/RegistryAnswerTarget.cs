using System.Text;
using System.Text.Json;
using Actors.Loaders.Archives;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Loaders.Registries;

namespace Actors.Fuzz.Targets;

/// <summary>What registries list, and what packages say of themselves, read by every loader in both eras.</summary>
public sealed class RegistryAnswerTarget : IFuzzTarget
{
    private static readonly Uri Registry = new("https://registry.example/");

    private static readonly (IPackageLoader Loader, string Name)[] Loaders =
    [
        (new PyPiLoader(), "p"), (new NpmLoader(), "@a/b"), (new CratesLoader(), "c"), (new ArchiveLoader(), "https://files.example/x/"), (new DebianLoader(), "deb://Debian/packages/d"),
    ];

    public string Name => "registry-answer";

    public IEnumerable<byte[]> Seeds =>
    [
        """{"info":{"name":"p","version":"1"},"releases":{"1":[{"packagetype":"sdist","filename":"p-1.zip","url":"https://f.example/p-1.zip","upload_time":"2018-01-02T03:04:05","size":5,"comment_text":"c","digests":{"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}}]}}"""u8.ToArray(),
        """{"name":"@a/b","dist-tags":{"latest":"1"},"versions":{"1":{"author":{"name":["A"],"email":"e"},"dist":{"tarball":"https://f.example/t.tgz","shasum":"0000000000000000000000000000000000000000","integrity":"sha512-AA=="}}},"time":{"1":"2018-01-02T03:04:05.678Z"}}"""u8.ToArray(),
        """{"crate":{"default_version":"1"},"versions":[{"num":"1","created_at":"2018-01-02T03:04:05+01:00","dl_path":"/d","checksum":"0000000000000000000000000000000000000000000000000000000000000000"}]}"""u8.ToArray(),
        """{"append":true,"manifest":"$time ${length} $$","artifacts":[{"time":944729610.5,"url":"https://f.example/x-1.tgz","length":1,"version":"1","filename":"x"},{"time":"1999-12-09 09:53:30-00:00","url":"https://f.example/y-1.tgz","version":2}]}"""u8.ToArray(),
        """{"packages":{"s/main/1-1":{"name":"d","version":"1-1","files":{"d.dsc":{"name":"d.dsc","size":1,"uri":"http://f.example/d.dsc","md5sum":"00000000000000000000000000000000"}}}}}"""u8.ToArray(),
        "Metadata-Version: 1.0\nAuthor: A\n  b\nAuthor-email: e\nVersion: 1\n\nText"u8.ToArray(),
        "[package]\nname = \"c\"\nauthors = [\n \"A \\\"b\\\" <e>\"]\n"u8.ToArray(),
    ];

    public IEnumerable<byte[]> Dictionary =>
    [
        "null"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(), "\\ud800"u8.ToArray(), "1e999"u8.ToArray(), "-1"u8.ToArray(), "99999999999999999999"u8.ToArray(), "\"time\":"u8.ToArray(), "\"versions\":"u8.ToArray(),
        "\"releases\":"u8.ToArray(), "\"version\":"u8.ToArray(), "\"url\":"u8.ToArray(), "file:///"u8.ToArray(), "9999-12-31T23:59:59-23:59"u8.ToArray(), "0001-01-01T00:00:00+23:59"u8.ToArray(), "$"u8.ToArray(),
        "${"u8.ToArray(), "\\n"u8.ToArray(), "\\u0000"u8.ToArray(), "[[[[[[[["u8.ToArray(), "\"author\":"u8.ToArray(), "\\x"u8.ToArray(), [0xff],
    ];

    public int Iterations => 6_000;

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        _ = HeaderFields.Parse(bytes);
        List<string> refusals = [];
        foreach ((IPackageLoader loader, string name) in Loaders)
        {
            PackageOrigin origin = loader.Origin(name, Registry, null);
            foreach (Era era in (Era[])[Era.Revision, Era.Release])
            {
                try
                {
                    Describe(loader.Read(origin, bytes, era).Releases, bytes, refusals);
                }
                catch (ArchiveException e)
                {
                    // It may be another registry's.
                    refusals.Add(e.Message);
                }
            }
        }

        if (refusals.Count > 0)
        {
            throw new Git.GitFormatException(default, string.Join("; ", refusals.Distinct()));
        }
    }

    /// <summary>Every release that is listed, with the input also as what its archive says of itself.</summary>
    private static void Describe(IReadOnlyList<PackageRelease> releases, byte[] input, List<string> refusals)
    {
        foreach (PackageRelease release in releases.Where(release => release.Error is null).Take(4))
        {
            if (release.Artifacts.Count == 0 || !release.Artifacts[0].Address.IsAbsoluteUri || release.Manifest is { IsSound: false } || release.Checksums.Any(id => !id.IsSound))
            {
                throw new InvalidOperationException("A release without an address, or with an external id that cannot be stored.");
            }

            UnpackTarget unpacked = new(new ForgetfulSink());
            foreach (string file in (string[])["a/PKG-INFO", "a/package.json", "a/Cargo.toml", "debian/changelog"])
            {
                unpacked.Tree.Put(file, EntryKind.File, default);
                unpacked.Keep(file, file == "a/package.json" ? JsonSerializer.SerializeToUtf8Bytes(new { version = "1", author = Encoding.Latin1.GetString(input) }) : input);
            }

            try
            {
                _ = release.Describe(unpacked)?.Encode(default);
            }
            catch (ArchiveException e)
            {
                // A release that fails alone.
                refusals.Add(e.Message);
            }
        }
    }
}
