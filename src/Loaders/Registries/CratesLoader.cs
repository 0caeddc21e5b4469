using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.Git.Remotes;
using Actors.Loaders.Archives;
using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Store.ExtIds;

namespace Actors.Loaders.Registries;

/// <summary>crates.io and what speaks its web API. The example of a loader: see the project's page.</summary>
internal sealed partial class CratesLoader : IPackageLoader
{
    public string Scheme => "crates";

    public PackageOrigin Origin(string name, Uri registry, string? originTemplate)
    {
        string origin = OriginTemplate.Fill(originTemplate ?? registry + "crates/{name}", name);
        return new PackageOrigin { Scheme = Scheme, Name = name, Origin = origin, Key = RepositoryUrl.Parse(origin), Registry = registry };
    }

    public Task<RegistryReply> AskAsync(PackageOrigin origin, RegistryClient client, CancellationToken cancellationToken) =>
        client.ReadAsync(new Uri(origin.Registry, "api/v1/crates/" + Uri.EscapeDataString(origin.Name)), "application/json", origin.Validator, cancellationToken);

    public PackageListing Read(PackageOrigin origin, ReadOnlyMemory<byte> answer, Era era)
    {
        JsonElement root = Json.Parse(answer);
        JsonElement versions = root.Get("versions");
        PackageRelease[] releases = versions.ValueKind == JsonValueKind.Array
            ? [.. versions.EnumerateArray().Select(version => Release(origin, version, era))]
            : throw new ArchiveException("the answer lists no versions");
        return new PackageListing
        {
            VersionCount = releases.Length,
            Releases = releases,
            DefaultVersion = releases.Select(release => release.Version).Order(LooseVersions.Instance).LastOrDefault(),
        };
    }

    private static PackageRelease Release(PackageOrigin origin, JsonElement entry, Era era)
    {
        string version = entry.Text("num") ?? "";
        string? updated = entry.Text("updated_at") ?? entry.Text("created_at");
        PackageRelease release = new() { Version = version, Branch = PackageRelease.BranchOf(version, null, single: true) };
        if (version.Length == 0 || entry.Text("dl_path") is not { } path || !Uri.TryCreate(origin.Registry, path, out Uri? address)
            || ReleaseDate.ParseIso(updated) is not { } date || entry.Hex("checksum", 64) is not { } sha256)
        {
            return release with { Error = "the registry gives no file, checksum or time" };
        }

        return release with
        {
            Artifacts = [new Artifact(address, $"{origin.Name}-{version}.crate", null, new Dictionary<HashAlgorithmName, string> { [HashAlgorithmName.SHA256] = sha256 })],
            Manifest = Json.Manifest("crates-manifest-sha256", $"checksum {sha256}\ndate {updated}\nname {origin.Name}\nversion {version}"),
            Checksums = [new ExtId("crates-archive-sha256", 0, sha256)],
            Keeps = file => file == $"{origin.Name}-{version}/Cargo.toml",
            Describe = unpacked => new ReleaseDraft
            {
                Era = era,
                Name = version,
                Author = AuthorOf(unpacked.Kept.Values.FirstOrDefault()),
                Date = date,
                Message = era == Era.Revision ? version : $"Synthetic release for Crate source package {origin.Name} version {version}\n",
            },
        };
    }

    /// <summary>The first of the authors in Cargo.toml; empty where it names none.</summary>
    private static string AuthorOf(byte[]? manifest)
    {
        Match author = FirstAuthor().Match(manifest is null ? "" : Encoding.UTF8.GetString(manifest));
        return author.Groups["literal"].Success ? author.Groups["literal"].Value : Escape().Replace(author.Groups["basic"].Value, Unescaped);
    }

    /// <summary>TOML's escapes ("String"); one that is none stays as it is.</summary>
    private static string Unescaped(Match escape) => escape.Value[1] switch
    {
        'u' or 'U' when escape.Length > 2 => Rune.TryCreate(uint.Parse(escape.ValueSpan[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), out Rune rune) ? rune.ToString() : "\ufffd",
        'b' => "\b",
        't' => "\t",
        'n' => "\n",
        'f' => "\f",
        'r' => "\r",
        '"' => "\"",
        '\\' => "\\",
        _ => escape.Value,
    };

    [GeneratedRegex("""\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)""", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();

    [GeneratedRegex("""^authors\s*=\s*\[\s*(?:"(?<basic>(?:[^"\\]|\\.)*)"|'(?<literal>[^'\n]*)')""", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstAuthor();
}
