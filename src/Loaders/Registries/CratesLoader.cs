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
        client.ReadAsync(new Uri(origin.Registry, "api/v1/crates/" + Uri.EscapeDataString(origin.Name)), "application/json", cancellationToken);

    public PackageListing Read(PackageOrigin origin, ReadOnlyMemory<byte> answer, Era era)
    {
        JsonElement root = Json.Parse(answer);
        JsonElement versions = root.Get("versions");
        PackageRelease[] releases = versions.ValueKind == JsonValueKind.Array
            ? [.. versions.EnumerateArray().Select(version => Release(origin, version, era))]
            : throw new ArchiveException("the answer lists no versions");
        JsonElement crate = root.Get("crate");
        return new PackageListing
        {
            VersionCount = releases.Length,
            Releases = releases,
            DefaultVersion = crate.Text("default_version") ?? crate.Text("max_stable_version") ?? crate.Text("newest_version") ?? "",
        };
    }

    private static PackageRelease Release(PackageOrigin origin, JsonElement entry, Era era)
    {
        string version = entry.Text("num") ?? "";
        string? created = entry.Text("created_at");
        PackageRelease release = new() { Version = version, Branch = PackageRelease.BranchOf(version, null, single: true) };
        if (version.Length == 0 || entry.Text("dl_path") is not { } path || !Uri.TryCreate(origin.Registry, path, out Uri? address)
            || ReleaseDate.ParseIso(created, wholeSeconds: true) is not { } date || entry.Hex("checksum", 64) is not { } sha256)
        {
            return release with { Error = "the registry gives no file, checksum or time" };
        }

        return release with
        {
            Artifacts = [new Artifact(address, $"{origin.Name}-{version}.crate", null, new Dictionary<HashAlgorithmName, string> { [HashAlgorithmName.SHA256] = sha256 })],
            Manifest = Json.Manifest("crates-manifest-sha256", $"checksum {sha256}\ndate {created}\nname {origin.Name}\nversion {version}"),
            Checksums = [new ExtId("crates-archive-sha256", 0, sha256)],
            Keeps = file => file.EndsWith("/Cargo.toml", StringComparison.Ordinal) && file.Count(c => c == '/') == 1,
            Describe = unpacked => unpacked.Kept.Count == 0 ? null : new ReleaseDraft
            {
                Era = era,
                Name = version,
                Author = FirstAuthor().Match(Encoding.UTF8.GetString(unpacked.Kept.Values.First())) is { Success: true } author ? Regex.Unescape(author.Groups[1].Value) : "",
                Date = date,
                Message = era == Era.Revision ? version : $"Synthetic release for Crate source package {origin.Name} version {version}\n",
            },
        };
    }

    [GeneratedRegex("""^authors\s*=\s*\[\s*"((?:[^"\\]|\\.)*)""", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstAuthor();
}
