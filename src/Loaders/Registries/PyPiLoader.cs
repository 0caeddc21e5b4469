using System.Security.Cryptography;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Loaders.Archives;
using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Store.ExtIds;

namespace Actors.Loaders.Registries;

/// <summary>PyPI and what speaks its JSON API: source distributions of a project.</summary>
internal sealed class PyPiLoader : IPackageLoader
{
    private static readonly string[] NoSources = [".deb", ".egg", ".rpm", ".whl"];

    public string Scheme => "pypi";

    public PackageOrigin Origin(string name, Uri registry, string? originTemplate)
    {
        string origin = OriginTemplate.Fill(originTemplate ?? registry + "project/{name}", name);
        return new PackageOrigin { Scheme = Scheme, Name = name, Origin = origin, Key = RepositoryUrl.Parse(origin), Registry = registry };
    }

    public Task<RegistryReply> AskAsync(PackageOrigin origin, RegistryClient client, CancellationToken cancellationToken) =>
        client.ReadAsync(new Uri(origin.Registry, $"pypi/{Uri.EscapeDataString(origin.Name)}/json"), "application/json", origin.Validator, cancellationToken);

    public PackageListing Read(PackageOrigin origin, ReadOnlyMemory<byte> answer, Era era)
    {
        JsonElement root = Json.Parse(answer);
        JsonElement info = root.Get("info");
        List<PackageRelease> releases = [];
        int versions = 0;
        JsonElement listed = root.Get("releases");
        if (listed.ValueKind != JsonValueKind.Object)
        {
            throw new ArchiveException("the answer lists no releases");
        }

        foreach (JsonProperty version in listed.EnumerateObject())
        {
            versions++;
            JsonElement[] sources = version.Value.ValueKind == JsonValueKind.Array ? [.. version.Value.EnumerateArray().Where(IsSource)] : [];
            releases.AddRange(sources.Select(file => Release(version.Name, file, sources.Length == 1, info.Text("name") ?? origin.Name, era)));
        }

        return new PackageListing { VersionCount = versions, Releases = releases, DefaultVersion = info.Text("version") ?? "" };
    }

    private static bool IsSource(JsonElement file) =>
        file.Text("packagetype") == "sdist"
        && file.Text("filename") is { } name && !NoSources.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    private static PackageRelease Release(string version, JsonElement file, bool single, string project, Era era)
    {
        string fileName = file.Text("filename")!;
        string? sha256 = file.Get("digests").Hex("sha256", 64);
        string? uploaded = file.Text("upload_time");
        string comment = file.Text("comment_text") ?? "";
        PackageRelease release = new() { Version = version, Branch = PackageRelease.BranchOf(version, fileName, single) };
        if (file.Address("url") is not { } address || ReleaseDate.ParseIso(uploaded) is not { } date)
        {
            return release with { Error = "the registry gives no address or no upload time" };
        }

        return release with
        {
            Artifacts = [new Artifact(address, fileName, file.Number("size"), Checksums(file.Get("digests")))],
            Manifest = Json.Manifest("pypi-manifest-sha256", $"sha256 {sha256 ?? address.OriginalString}\ndate {uploaded}\nname {project}\nversion {version}\ncomment {comment}"),
            Checksums = sha256 is null ? [] : [new ExtId("pypi-archive-sha256", 0, sha256)],
            Keeps = path => path.EndsWith("/PKG-INFO", StringComparison.Ordinal) && path.Count(c => c == '/') == 1,
            Describe = unpacked => Describe(unpacked, version, comment, project, date, era),
        };
    }

    private static Dictionary<HashAlgorithmName, string> Checksums(JsonElement digests)
    {
        // One is enough, and the strongest is the one that ids are made of.
        Dictionary<HashAlgorithmName, string> checksums = [];
        if (digests.Hex("sha256", 64) is { } sha256)
        {
            checksums.Add(HashAlgorithmName.SHA256, sha256);
        }
        else if (digests.Hex("md5", 32) is { } md5)
        {
            checksums.Add(HashAlgorithmName.MD5, md5);
        }

        return checksums;
    }

    private static ReleaseDraft? Describe(UnpackTarget unpacked, string version, string comment, string project, ReleaseDate date, Era era)
    {
        Dictionary<string, TreeNode> top = unpacked.Tree.Root.Children!;
        if (top.Count != 1 || !unpacked.Kept.TryGetValue(top.Keys.Single() + "/PKG-INFO", out byte[]? bytes))
        {
            return null;
        }

        HeaderFields fields = HeaderFields.Parse(bytes);
        string? author = fields.Find("Author"), email = fields.Find("Author-email"), own = fields.Find("Version");
        return new ReleaseDraft
        {
            Era = era,
            Name = version,
            // A missing author before an address is printed by its Python name upstream.
            Author = string.IsNullOrEmpty(email) ? author ?? "" : $"{author ?? "None"} <{email}>",
            Date = date,
            Message = era == Era.Revision
                ? comment.Length > 0 ? $"{own}: {comment}" : own ?? ""
                : comment.Length > 0 ? comment : $"Synthetic release for PyPI source package {project} version {own ?? version}\n",
        };
    }
}
