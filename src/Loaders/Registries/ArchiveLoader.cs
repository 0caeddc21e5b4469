using System.Globalization;
using System.Text;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Store.ExtIds;

namespace Actors.Loaders.Registries;

/// <summary>
/// Archives that lie in a folder of some server, as GNU's do. The list itself says which: <c>artifacts</c> with <c>time</c>,
/// <c>url</c>, <c>length</c>, <c>version</c>; for addresses alone the server is asked for time and length.
/// </summary>
internal sealed class ArchiveLoader : IPackageLoader
{
    private const string DefaultManifest = "$time $length $version $url";

    public string Scheme => "archive";

    public PackageOrigin Origin(string name, Uri registry, string? originTemplate) =>
        new() { Scheme = Scheme, Name = name, Origin = name, Key = RepositoryUrl.Parse(name), Registry = new Uri(name) };

    public async Task<RegistryReply> AskAsync(PackageOrigin origin, RegistryClient client, CancellationToken cancellationToken)
    {
        JsonElement arguments = origin.Arguments ?? default;
        if (arguments.Get("addresses") is not { ValueKind: JsonValueKind.Array } addresses)
        {
            return new RegistryReply(Encoding.UTF8.GetBytes(arguments.GetRawText()), null);
        }

        MemoryStream answer = new();
        using Utf8JsonWriter json = new(answer);
        json.WriteStartObject();
        json.WriteStartArray("artifacts");
        foreach (JsonElement address in addresses.EnumerateArray())
        {
            Uri uri = Json.AddressOf(address.GetString()) ?? throw new ArchiveException("an address is none");
            Download said = await client.AskAsync(uri, cancellationToken).ConfigureAwait(false);
            if (said.Failure is not null)
            {
                return new RegistryReply(default, said.Failure);
            }

            json.WriteStartObject();
            json.WriteString("url", uri.OriginalString);
            json.WriteString("version", ArchiveNames.VersionOf(uri));
            json.WriteString("time", said.LastModified?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss+00:00", CultureInfo.InvariantCulture));
            json.WritePropertyName("length");
            json.WriteRawValue(said.Length?.ToString(CultureInfo.InvariantCulture) ?? "null");

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken).ConfigureAwait(false);
        return new RegistryReply(answer.ToArray(), null);
    }

    public PackageListing Read(PackageOrigin origin, ReadOnlyMemory<byte> answer, Era era)
    {
        JsonElement root = Json.Parse(answer);
        JsonElement artifacts = root.Get("artifacts");
        if (artifacts.ValueKind != JsonValueKind.Array)
        {
            throw new ArchiveException("an archive origin lists no artifacts");
        }

        string template = root.Text("manifest") ?? DefaultManifest;
        // Without a version there is no branch to name: such entries are not there.
        JsonElement[] listed = [.. artifacts.EnumerateArray().Where(artifact => VersionOf(artifact).Length > 0)];
        Dictionary<string, int> artifactsOf = listed.GroupBy(VersionOf, StringComparer.Ordinal).ToDictionary(version => version.Key, version => version.Count(), StringComparer.Ordinal);
        PackageRelease[] releases = [.. listed.Select(artifact => Release(artifact, template, artifactsOf[VersionOf(artifact)] == 1, era))];
        return new PackageListing
        {
            VersionCount = releases.Length,
            Releases = releases,
            DefaultVersion = releases.Length > 0 ? releases[^1].Version : null,
            Appends = root.Get("append").ValueKind == JsonValueKind.True,
        };
    }

    private static string VersionOf(JsonElement artifact) =>
        artifact.Get("version") is { ValueKind: JsonValueKind.String or JsonValueKind.Number } version ? version.Printed() ?? "" : "";

    private static PackageRelease Release(JsonElement artifact, string template, bool single, Era era)
    {
        string version = VersionOf(artifact);
        Uri? address = artifact.Address("url");
        string fileName = artifact.Text("filename") ?? Path.GetFileName(address?.LocalPath) ?? "";
        PackageRelease release = new() { Version = version, Branch = PackageRelease.BranchOf(version, fileName, single) };
        if (address is null)
        {
            return release with { Error = "an artifact has no address" };
        }

        ExtId manifest;
        try
        {
            manifest = Json.Manifest("package-manifest-sha256", Fill(template, artifact));
        }
        catch (ArchiveException e)
        {
            return release with { Error = e.Message };
        }

        JsonElement time = artifact.Get("time");
        ReleaseDate? date = DateOf(time);
        if (date is null && time.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
        {
            return release with { Error = "an artifact's time is none" };
        }

        return release with
        {
            Artifacts = [new Artifact(address, fileName, artifact.Number("length"), ArchiveNames.Checksums(artifact))],
            Manifest = manifest,
            Describe = _ => new ReleaseDraft
            {
                Era = era,
                Name = version,
                Author = era == Era.Revision ? "Software Heritage" : "",
                Date = date,
                Message = era == Era.Revision ? "swh-loader-package: synthetic revision message" : $"Synthetic release for archive at {address.OriginalString}\n",
            },
        };
    }

    /// <summary>Seconds since 1970, with a fraction or without, or ISO 8601.</summary>
    private static ReleaseDate? DateOf(JsonElement time)
    {
        if (time.ValueKind != JsonValueKind.Number)
        {
            // An unknown zone is UTC here, and stays unknown in the other loaders: upstream's ways differ.
            return ReleaseDate.ParseIso(time.Printed()) is { } date ? date with { Offset = date.Offset == "-0000" ? "+0000" : date.Offset } : null;
        }

        if (time.TryGetInt64(out long seconds))
        {
            return new ReleaseDate(seconds, 0, "+0000");
        }

        return time.TryGetDecimal(out decimal exact) && exact is > -1e15m and < 1e15m
            ? new ReleaseDate((long)Math.Floor(exact), (int)((exact - Math.Floor(exact)) * 1_000_000), "+0000")
            : null;
    }

    /// <summary>What a template prints: a time or length that the artifact lacks is none, any other key must be there.</summary>
    private static string? Value(JsonElement artifact, string key) => artifact.Get(key).Printed() ?? (key is "time" or "length" ? "None" : null);

    /// <summary>Python's <c>string.Template</c>: <c>$key</c>, <c>${key}</c>, <c>$$</c>; a key that the artifact lacks is an error.</summary>
    internal static string Fill(string template, JsonElement artifact)
    {
        StringBuilder text = new();
        for (int i = 0; i < template.Length; i++)
        {
            if (template[i] != '$')
            {
                text.Append(template[i]);
                continue;
            }

            if (i + 1 < template.Length && template[i + 1] == '$')
            {
                text.Append('$');
                i++;
                continue;
            }

            bool braced = i + 1 < template.Length && template[i + 1] == '{';
            int start = i + (braced ? 2 : 1);
            int end = start;
            while (end < template.Length && (char.IsAsciiLetterOrDigit(template[end]) || template[end] == '_'))
            {
                end++;
            }

            string key = template[start..end];
            if (key.Length == 0 || (braced && (end == template.Length || template[end] != '}')))
            {
                throw new ArchiveException($"the manifest '{template}' has a '$' without a key");
            }

            text.Append(Value(artifact, key) ?? throw new ArchiveException($"the manifest names '{key}', which an artifact lacks"));
            i = braced ? end : end - 1;
        }

        return text.ToString();
    }
}
