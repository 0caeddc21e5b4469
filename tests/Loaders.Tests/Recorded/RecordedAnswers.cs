using System.Text.Json;
using Actors.Loaders.Tests.Loads;
using Actors.TestKit;
using Xunit;

namespace Actors.Loaders.Tests.Recorded;

/// <summary>Recorded answers of real services beside the checkout, and a bed that plays them.</summary>
internal static class RecordedAnswers
{
    /// <summary>Their folder; skips the test where it is absent.</summary>
    public static string Require()
    {
        string folder = Environment.GetEnvironmentVariable("ACTORS_LOADERS_DATA") ?? Path.Combine(SourceTree.Root, "..", "shared", "loaders-data");
        if (!File.Exists(Path.Combine(folder, "expected.json")))
        {
            Assert.Skip("The recorded answers (../shared/loaders-data) are not beside this checkout.");
        }

        return folder;
    }

    /// <summary>Plays the hosts of one loader: <c>SCHEME_HOST/PATH with / as _</c>. A suffix names a later visit's answers, which win.</summary>
    public static void Play(LoadBed bed, string loader, string suffix = "")
    {
        string folder = Path.Combine(Require(), loader);
        bed.Mirrors.Clear();
        foreach (string host in Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!))
        {
            string[] parts = host.Split('_', 2);
            bed.Mirrors.Add(($"{parts[0]}://{parts[1]}/", $"{bed.Server.Address}{host}/"));
        }

        bed.Server.Otherwise = path =>
        {
            string[] parts = path.Split('/', 3);
            string file = Path.Combine(folder, parts[1], Uri.UnescapeDataString(parts[2]).TrimEnd('/').Replace('/', '_'));
            return File.Exists(file + suffix) ? File.ReadAllBytes(file + suffix) : File.Exists(file) ? File.ReadAllBytes(file) : null;
        };
    }

    /// <summary>A Debian origin as a lister passes it on: one version, with the digests of the recorded files.</summary>
    public static string DebianOrigin(string suite, string name, string version)
    {
        string folder = Path.Combine(Require(), "debian", "http_debian.example.org");
        Dictionary<string, object> files = [];
        foreach (string path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            byte[] bytes = File.ReadAllBytes(path);
            string file = Path.GetFileName(path)[$"debian_pool_contrib_c_{name}_".Length..];
            string uri = $"http://debian.example.org/debian/pool/contrib/c/{name}/{file}";
            string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
            files[file] = new { name = file, size = bytes.Length, uri, sha256 };
        }

        Dictionary<string, object> packages = new() { [$"{suite}/{version}"] = new { name, version, files } };
        return JsonSerializer.Serialize(new { loader = "debian", origin = $"deb://Debian/packages/{name}", packages });
    }
}
