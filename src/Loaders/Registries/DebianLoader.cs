using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Loaders.Archives;
using Actors.Loaders.Debian;
using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Store.ExtIds;

namespace Actors.Loaders.Registries;

/// <summary>
/// Source packages of a Debian archive: <c>debian:SUITE/NAME</c>, looked up in the suite's index, or a list's own
/// <c>packages</c> (version, files with addresses and digests, by <c>suite/component/version</c>).
/// </summary>
internal sealed class DebianLoader : IPackageLoader
{
    private const string DefaultOrigin = "deb://Debian/packages/{name}";

    private readonly ConcurrentDictionary<(Uri Archive, string Suite), Lazy<Task<(SuiteIndex? Index, RemoteFailure? Failure)>>> _suites = new();

    public string Scheme => "debian";

    public PackageOrigin Origin(string name, Uri registry, string? originTemplate)
    {
        if (name.StartsWith("deb://", StringComparison.Ordinal))
        {
            string path = name["deb://".Length..].TrimEnd('/');
            return new PackageOrigin { Scheme = Scheme, Name = path[(path.LastIndexOf('/') + 1)..], Origin = name, Key = RepositoryUrl.Parse($"{registry}deb/{path}"), Registry = registry };
        }

        string[] parts = name.Split('/');
        if (parts.Length != 2 || parts.Any(part => part.Length == 0))
        {
            throw new FormatException("debian: wants SUITE/NAME");
        }

        return new PackageOrigin
        {
            Scheme = Scheme,
            Name = name,
            Origin = OriginTemplate.Fill(originTemplate ?? DefaultOrigin, parts[1]),
            // Visits of different suites see different parts of one origin, so each has its own.
            Key = RepositoryUrl.Parse($"{registry}dists/{parts[0]}/packages/{parts[1]}"),
            Registry = registry,
        };
    }

    public async Task<RegistryReply> AskAsync(PackageOrigin origin, RegistryClient client, CancellationToken cancellationToken)
    {
        if (origin.Arguments is { } arguments)
        {
            return new RegistryReply(Encoding.UTF8.GetBytes(arguments.GetRawText()), null);
        }

        string[] parts = origin.Name.Split('/');
        (Uri, string) key = (origin.Registry, parts[0]);
        Lazy<Task<(SuiteIndex? Index, RemoteFailure? Failure)>> shared = _suites.GetOrAdd(
            key, static (of, with) => new(() => SuiteIndex.FetchAsync(of.Archive, of.Suite, with, CancellationToken.None)), client);
        (SuiteIndex? index, RemoteFailure? failure) = (null, null);
        try
        {
            (index, failure) = await shared.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (index is null)
            {
                // What failed once may be there the next time it is asked for.
                _ = _suites.TryRemove(KeyValuePair.Create(key, shared));
            }
        }

        if (index is null)
        {
            return new RegistryReply(default, failure);
        }

        MemoryStream answer = new();
        using Utf8JsonWriter json = new(answer);
        json.WriteStartObject();
        json.WriteStartObject("packages");
        bool found = index.Write(parts[1], json);
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken).ConfigureAwait(false);
        return found
            ? new RegistryReply(answer.ToArray(), null)
            : new RegistryReply(default, new RemoteFailure(RemoteFailureKind.NotFound, $"The suite {parts[0]} has no source package {parts[1]}."));
    }

    public PackageListing Read(PackageOrigin origin, ReadOnlyMemory<byte> answer, Era era)
    {
        JsonElement packages = Json.Parse(answer).Get("packages");
        if (packages.ValueKind != JsonValueKind.Object)
        {
            throw new ArchiveException("a Debian origin lists no packages");
        }

        PackageRelease[] releases = [.. packages.EnumerateObject().Select(package => Release(package.Name, package.Value, era))];
        return new PackageListing
        {
            VersionCount = releases.Length,
            Releases = releases,
            Versions = DebianVersions.Instance,
            DefaultVersion = era == Era.Revision ? null : releases.Select(release => release.Version).Order(DebianVersions.Instance).LastOrDefault(),
        };
    }

    private static PackageRelease Release(string key, JsonElement package, Era era)
    {
        PackageRelease release = new() { Version = key, Branch = PackageRelease.BranchOf(key, null, single: true) };
        JsonElement files = package.Get("files");
        if (package.Text("name") is not { } name || package.Text("version") is not { } version || files.ValueKind != JsonValueKind.Object)
        {
            return release with { Error = "the package has no name, version or files" };
        }

        List<Artifact> artifacts = [];
        foreach (JsonProperty file in files.EnumerateObject())
        {
            if (file.Value.Address("uri") is not { } address)
            {
                return release with { Error = $"'{file.Name}' has no address" };
            }

            artifacts.Add(new Artifact(address, file.Value.Text("name") ?? file.Name, file.Value.Number("size"), ArchiveNames.Checksums(file.Value)));
        }

        Artifact[] descriptions = [.. artifacts.Where(one => one.FileName.EndsWith(".dsc", StringComparison.Ordinal))];
        return descriptions.Length != 1
            ? release with { Error = $"{descriptions.Length} .dsc files, exactly one must be" }
            : release with
            {
                Artifacts = artifacts,
                Manifest = IdOf(descriptions[0], era) is { } id ? Json.Manifest("debian-manifest-sha256", $"dsc {id}\nname {name}\nversion {version}") : null,
                Checksums = IdOf(descriptions[0], era) is { } known ? [known] : [],
                Unpacking = Unpacking.DebianSource,
                Describe = unpacked => Describe(unpacked, name, version, era),
            };
    }

    private static ExtId? IdOf(Artifact description, Era era)
    {
        int version = era == Era.Revision ? 0 : 1;
        foreach ((HashAlgorithmName algorithm, string type) in (ReadOnlySpan<(HashAlgorithmName, string)>)
            [(HashAlgorithmName.SHA256, "dsc-sha256"), (HashAlgorithmName.SHA1, "dsc-sha1"), (HashAlgorithmName.MD5, "dsc-md5")])
        {
            if (description.Checksums.TryGetValue(algorithm, out string? hex))
            {
                return new ExtId(type, version, hex);
            }
        }

        return null;
    }

    private static ReleaseDraft? Describe(UnpackTarget unpacked, string name, string version, Era era)
    {
        if (!unpacked.Kept.TryGetValue("debian/changelog", out byte[]? bytes))
        {
            throw new ArchiveException("the package has no debian/changelog");
        }

        Changelog changelog = Changelog.Parse(bytes);
        return new ReleaseDraft
        {
            Era = era,
            Name = version,
            Author = changelog.Author,
            Date = changelog.Date,
            Message = era == Era.Revision
                ? $"Synthetic revision for Debian source package {name} version {version}"
                : $"Synthetic release for Debian source package {name} version {version}\n",
        };
    }
}
