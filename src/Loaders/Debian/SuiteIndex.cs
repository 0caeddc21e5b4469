using System.Text;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Loaders.Downloads;

namespace Actors.Loaders.Debian;

/// <summary>
/// All source packages of one suite of an archive, from <c>dists/SUITE/COMPONENT/source/Sources</c>: read once in a run, for
/// however many packages of it are asked.
/// </summary>
internal sealed class SuiteIndex
{
    private readonly Dictionary<string, List<(string Component, ReadOnlyMemory<byte> Paragraph)>> _packages = new(StringComparer.Ordinal);
    private readonly Uri _archive;
    private readonly string _suite;

    private SuiteIndex(Uri archive, string suite) => (_archive, _suite) = (archive, suite);

    /// <summary>Fetches a suite's index.</summary>
    /// <returns>The index, or why there is none.</returns>
    public static async Task<(SuiteIndex? Index, RemoteFailure? Failure)> FetchAsync(Uri archive, string suite, RegistryClient client, CancellationToken cancellationToken)
    {
        (IReadOnlyList<SuiteFile> files, RemoteFailure? refusal) = await SuiteFile.ListAsync(archive, suite, client, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        SuiteIndex index = new(archive, suite);
        foreach (SuiteFile file in files)
        {
            (SuiteText? text, RemoteFailure? failure) = await file.OpenAsync(client, FileHosts.HostOf(archive), cancellationToken).ConfigureAwait(false);
            if (text is null)
            {
                return (null, failure);
            }

            await using (text.ConfigureAwait(false))
            {
                index.Add(file.Component, await text.ReadAllAsync(cancellationToken).ConfigureAwait(false));
            }
        }

        return (index, null);
    }

    /// <summary>A package's versions in this suite as the loader's arguments have them; false: it has none.</summary>
    public bool Write(string package, Utf8JsonWriter json)
    {
        if (!_packages.TryGetValue(package, out List<(string Component, ReadOnlyMemory<byte> Paragraph)>? found))
        {
            return false;
        }

        foreach ((string component, ReadOnlyMemory<byte> paragraph) in found)
        {
            Dictionary<string, string> fields = DebianControl.Fields(paragraph.Span);
            string version = fields.GetValueOrDefault("Version", "");
            json.WriteStartObject($"{_suite}/{component}/{version}");
            json.WriteString("name", package);
            json.WriteString("version", version);
            json.WriteStartObject("files");
            WriteFiles(fields, json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return true;
    }

    private void WriteFiles(Dictionary<string, string> fields, Utf8JsonWriter json)
    {
        SortedDictionary<string, Dictionary<string, string>> files = new(StringComparer.Ordinal);
        foreach ((string field, string key) in (ReadOnlySpan<(string, string)>)[("Files", "md5sum"), ("Checksums-Sha1", "sha1"), ("Checksums-Sha256", "sha256")])
        {
            foreach (string line in fields.GetValueOrDefault(field, "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var digest, var size, var name])
                {
                    Dictionary<string, string> file = files.TryGetValue(name, out Dictionary<string, string>? known) ? known : files[name] = [];
                    (file[key], file["size"]) = (digest, size);
                }
            }
        }

        foreach ((string name, Dictionary<string, string> file) in files)
        {
            json.WriteStartObject(name);
            json.WriteString("name", name);
            json.WriteNumber("size", long.TryParse(file["size"], System.Globalization.CultureInfo.InvariantCulture, out long size) ? size : -1);
            json.WriteString("uri", new Uri(_archive, $"{fields.GetValueOrDefault("Directory", "")}/{Uri.EscapeDataString(name)}").AbsoluteUri);
            foreach ((string key, string digest) in file.Where(one => one.Key != "size"))
            {
                json.WriteString(key, digest);
            }

            json.WriteEndObject();
        }
    }

    private void Add(string component, ReadOnlyMemory<byte> sources)
    {
        while (!sources.IsEmpty)
        {
            int end = sources.Span.IndexOf("\n\n"u8);
            ReadOnlyMemory<byte> paragraph = end < 0 ? sources : sources[..(end + 1)];
            sources = end < 0 ? default : sources[(end + 2)..];
            int start = paragraph.Span.StartsWith("Package: "u8) ? 0 : paragraph.Span.IndexOf("\nPackage: "u8) + 1;
            if (start == 0 && !paragraph.Span.StartsWith("Package: "u8))
            {
                continue;
            }

            ReadOnlySpan<byte> name = paragraph.Span[(start + "Package: ".Length)..];
            string package = Encoding.ASCII.GetString(name[..Math.Max(0, name.IndexOf((byte)'\n'))].Trim((byte)' '));
            if (!_packages.TryGetValue(package, out List<(string, ReadOnlyMemory<byte>)>? versions))
            {
                _packages.Add(package, versions = []);
            }

            versions.Add((component, paragraph));
        }
    }
}
