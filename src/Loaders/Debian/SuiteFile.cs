using System.Security.Cryptography;
using Actors.Git.Remotes;
using Actors.Loaders.Archives;
using Actors.Loaders.Downloads;

namespace Actors.Loaders.Debian;

/// <summary>A component's index of source packages, as a suite's <c>Release</c> lists it.</summary>
/// <param name="Component">Its last name: <c>main</c>.</param>
/// <param name="Archive">Where the archive is.</param>
/// <param name="Address">Where the file is.</param>
/// <param name="Algorithm">The strongest digest that the suite lists.</param>
/// <param name="Digest">Of the file as it comes, in lower-case hex.</param>
internal sealed record SuiteFile(string Component, Uri Archive, Uri Address, HashAlgorithmName Algorithm, string Digest)
{
    private static readonly string[] Endings = [".xz", ".gz", ".bz2", ""];

    /// <summary>The indexes of a suite, by component.</summary>
    /// <returns>The files, or why there are none.</returns>
    public static async Task<(IReadOnlyList<SuiteFile> Files, RemoteFailure? Failure)> ListAsync(Uri archive, string suite, RegistryClient client, CancellationToken cancellationToken)
    {
        RegistryReply release = await client.ReadAsync(new Uri(archive, $"dists/{suite}/Release"), null, null, cancellationToken).ConfigureAwait(false);
        if (release.Failure is not null)
        {
            return ([], release.Failure);
        }

        Dictionary<string, string> listed = Parse(release.Bytes.Span, out string[] components, out HashAlgorithmName algorithm);
        List<SuiteFile> files = [];
        foreach (string component in components)
        {
            // Some suites name components with a folder before them: security's are updates/main.
            string name = component[(component.LastIndexOf('/') + 1)..];
            if (Endings.Select(end => $"{name}/source/Sources{end}").FirstOrDefault(listed.ContainsKey) is { } path)
            {
                files.Add(new SuiteFile(name, archive, new Uri(archive, $"dists/{suite}/{path}"), algorithm, listed[path]));
            }
        }

        return (files, null);
    }

    /// <summary>Opens the index, to be read as text; what comes is measured.</summary>
    public async Task<(SuiteText? Text, RemoteFailure? Failure)> OpenAsync(RegistryClient client, ForgeHost permitted, CancellationToken cancellationToken)
    {
        Download download = await client.OpenAsync(Address, permitted, unpacks: false, cancellationToken).ConfigureAwait(false);
        return download.Body is not { } body ? (null, download.Failure) : (await SuiteText.OpenAsync(this, body, cancellationToken).ConfigureAwait(false), null);
    }

    /// <summary>The files that a suite lists, with their digests.</summary>
    private static Dictionary<string, string> Parse(ReadOnlySpan<byte> release, out string[] components, out HashAlgorithmName algorithm)
    {
        Dictionary<string, string> fields = DebianControl.Fields(release);
        components = fields.GetValueOrDefault("Components", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        (string field, algorithm) = fields.ContainsKey("SHA256") ? ("SHA256", HashAlgorithmName.SHA256)
            : fields.ContainsKey("SHA1") ? ("SHA1", HashAlgorithmName.SHA1) : ("MD5Sum", HashAlgorithmName.MD5);
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string line in fields.GetValueOrDefault(field, "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var digest, _, var name])
            {
                files[name] = digest.ToLowerInvariant();
            }
        }

        return files;
    }
}
