using System.Security.Cryptography;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Loaders.Archives;
using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Store.ExtIds;

namespace Actors.Loaders.Registries;

/// <summary>An npm registry or replica: one document a package.</summary>
internal sealed class NpmLoader : IPackageLoader
{
    public string Scheme => "npm";

    public PackageOrigin Origin(string name, Uri registry, string? originTemplate)
    {
        string origin = OriginTemplate.Fill(originTemplate ?? registry + "{name}", name);
        return new PackageOrigin { Scheme = Scheme, Name = name, Origin = origin, Key = RepositoryUrl.Parse(origin), Registry = registry };
    }

    public Task<RegistryReply> AskAsync(PackageOrigin origin, RegistryClient client, CancellationToken cancellationToken) =>
        client.ReadAsync(new Uri(origin.Registry, Uri.EscapeDataString(origin.Name)), "application/json", origin.Validator, cancellationToken);

    public PackageListing Read(PackageOrigin origin, ReadOnlyMemory<byte> answer, Era era)
    {
        JsonElement root = Json.Parse(answer);
        JsonElement versions = root.Get("versions");
        JsonElement times = root.Get("time");
        PackageRelease[] releases = versions.ValueKind == JsonValueKind.Object
            ? [.. versions.EnumerateObject().Select(version => Release(version.Name, version.Value, times, root.Text("name") ?? origin.Name, era))]
            : throw new ArchiveException("the answer lists no versions");
        return new PackageListing { VersionCount = releases.Length, Releases = releases, DefaultVersion = root.Get("dist-tags").Text("latest") ?? "" };
    }

    private static PackageRelease Release(string key, JsonElement entry, JsonElement times, string name, Era era)
    {
        // Where the two differ, the branch is named by the list, time and object by the entry; so is, in the later era, what HEAD is looked up by.
        string version = entry.Text("version") ?? key;
        JsonElement dist = entry.Get("dist");
        string? time = times.ValueKind == JsonValueKind.Object ? times.Text(version) : entry.Text("mtime");
        PackageRelease release = new() { Version = era == Era.Revision ? key : version, Branch = PackageRelease.BranchOf(key, null, single: true) };
        if (dist.Address("tarball") is not { } address || ReleaseDate.ParseIso(time, wholeSeconds: true) is not { } date)
        {
            return release with { Error = "the registry gives no tarball or no time" };
        }

        string? shasum = dist.Hex("shasum", 40);
        return release with
        {
            Artifacts = [new Artifact(address, Path.GetFileName(address.LocalPath), null, Checksums(dist, shasum))],
            Manifest = Json.Manifest("npm-manifest-sha256", $"date {time}\nname {name}\nshasum {dist.Text("shasum") ?? dist.Text("integrity")}\nurl {address.OriginalString}\nversion {version}"),
            Checksums = shasum is null ? [] : [new ExtId("npm-archive-sha1", 0, shasum)],
            Keeps = path => path.EndsWith("/package.json", StringComparison.Ordinal) && path.Count(c => c == '/') == 1,
            Describe = unpacked => Describe(unpacked, version, name, date, era),
        };
    }

    private static Dictionary<HashAlgorithmName, string> Checksums(JsonElement dist, string? shasum)
    {
        Dictionary<HashAlgorithmName, string> checksums = [];
        if (shasum is not null)
        {
            checksums.Add(HashAlgorithmName.SHA1, shasum);
        }

        // Subresource integrity: algorithm, base64; the one that everybody writes.
        string first = (dist.Text("integrity") ?? "").Split(' ')[0].Split('?')[0];
        byte[] sha512 = new byte[64];
        if (first.StartsWith("sha512-", StringComparison.Ordinal) && Convert.TryFromBase64String(first["sha512-".Length..], sha512, out int length) && length == sha512.Length)
        {
            checksums.Add(HashAlgorithmName.SHA512, Convert.ToHexStringLower(sha512));
        }

        return checksums;
    }

    private static ReleaseDraft? Describe(UnpackTarget unpacked, string version, string name, ReleaseDate date, Era era)
    {
        // Upstream takes the first folder that the file system lists; in order of names it is the same one each time.
        string? path = unpacked.Kept.Keys.Order(StringComparer.Ordinal).FirstOrDefault();
        if (path is null || TryParse(OddEncodings.ToUtf8(unpacked.Kept[path])) is not { ValueKind: JsonValueKind.Object } package || !package.EnumerateObject().Any())
        {
            return null;
        }

        string message = era == Era.Release
            ? $"Synthetic release for NPM source package {name} version {version}\n"
            : package.Text("version") is { } own && System.Text.Ascii.IsValid(own) ? own : throw new ArchiveException("package.json has no version in ASCII");
        return new ReleaseDraft { Era = era, Name = version, Author = Author(package), Date = date, Message = message };
    }

    private static JsonElement? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Json.Parse(bytes, strict: true);
        }
        catch (ArchiveException)
        {
            return null;
        }
    }

    private static string Author(JsonElement package)
    {
        foreach (string key in (ReadOnlySpan<string>)["author", "authors"])
        {
            if (package.TryGetProperty(key, out JsonElement author))
            {
                return Author(author, 0);
            }
        }

        return "";
    }

    private static string Author(JsonElement author, int depth) => author.ValueKind switch
    {
        JsonValueKind.String => author.Printed() ?? "",
        JsonValueKind.Array when depth < 8 => author.GetArrayLength() > 0 ? Author(author[0], depth + 1) : "",
        JsonValueKind.Object => NameOf(author.Get("name"), depth)
            + (author.Get("email") is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } email ? $" <{email.Printed()}>" : ""),
        _ => "",
    };

    private static string NameOf(JsonElement name, int depth) => name.ValueKind switch
    {
        JsonValueKind.String => name.Printed() ?? "",
        JsonValueKind.Array when depth < 8 => name.GetArrayLength() > 0 ? Author(name[0], depth + 1) : "",
        _ => "",
    };
}
