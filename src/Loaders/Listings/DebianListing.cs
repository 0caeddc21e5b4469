using System.Globalization;
using System.Runtime.CompilerServices;
using Actors.Git.Remotes;
using Actors.Loaders.Debian;
using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;
using Actors.Store.Listings;

namespace Actors.Loaders.Listings;

/// <summary>
/// Where a distribution's source packages are kept in git: the field <c>Vcs-Git</c> (Debian Policy Manual, 5.6.26, "Version Control System fields") of every
/// paragraph of a suite's <c>Sources</c> (Debian wiki, "DebianRepository/Format", "Sources" indices), read as they stream by. A cursor is good as long as the
/// suite's indexes are the same.
/// </summary>
/// <param name="suite">The suite: <c>sid</c>.</param>
/// <param name="archive">Where the archive is.</param>
/// <param name="client">Asks it.</param>
/// <param name="names">Only these packages, and at the end those of them that there are none of; null: all.</param>
/// <param name="clock">When it was listed.</param>
internal sealed class DebianListing(string suite, Uri archive, RegistryClient client, IReadOnlySet<string>? names, TimeProvider clock) : IListing
{
    public string Source { get; } = $"debian:{suite}";

    public async IAsyncEnumerable<ListedPage> ReadAsync(string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (IReadOnlyList<SuiteFile> files, RemoteFailure? refusal) = await SafeAsync(() => SuiteFile.ListAsync(archive, suite, client, cancellationToken)).ConfigureAwait(false);
        if (refusal is not null || files.Count == 0)
        {
            throw new ListingException(refusal ?? new RemoteFailure(RemoteFailureKind.NotFound, "The suite lists no source packages."), Source);
        }

        (int component, int passed) = PlaceOf(cursor, files);
        HashSet<string> seen = new(StringComparer.Ordinal);
        // What is missing is known only when all was read, what was handed on before too.
        for (int place = names is null ? component : 0; place < files.Count; place++)
        {
            (SuiteText? text, RemoteFailure? failure) = await SafeAsync(() => files[place].OpenAsync(client, default, cancellationToken)).ConfigureAwait(false);
            if (text is null)
            {
                throw new ListingException(failure!, Source);
            }

            await using (text.ConfigureAwait(false))
            {
                int done = 0, skipped = place < component ? int.MaxValue : place == component ? passed : 0;
                List<(string Package, string? Address)> some;
                do
                {
                    some = await SafeAsync(() => ReadSomeAsync(text, cancellationToken)).ConfigureAwait(false);
                    seen.UnionWith(names is null ? [] : some.Select(one => one.Package).Where(names.Contains));
                    done += some.Count;
                    if (done > skipped && some.Count > 0)
                    {
                        yield return Page(some) with { Cursor = CursorOf(files, place, done) };
                    }
                }
                while (some.Count == Limits.ListedTogetherMax);
            }
        }

        yield return new ListedPage
        {
            Repositories = [],
            Rejected = [.. (names ?? seen).Where(name => !seen.Contains(name)).Order(StringComparer.Ordinal).Select(name => new RejectedEntry(name, $"not a source package of {suite}"))],
            IsLast = true,
        };
    }

    /// <summary>The address alone of a field's value, which may go on with a branch (<c>-b NAME</c>) and a folder in brackets.</summary>
    internal static string? AddressOf(string? field) => field?.Split([' ', '\t', '\n'], 2, StringSplitOptions.RemoveEmptyEntries) is [var address, ..] ? address : null;

    private static async Task<List<(string Package, string? Address)>> ReadSomeAsync(SuiteText text, CancellationToken cancellationToken)
    {
        List<(string, string?)> some = [];
        while (some.Count < Limits.ListedTogetherMax && await text.ReadParagraphAsync(cancellationToken).ConfigureAwait(false) is { } paragraph)
        {
            Dictionary<string, string> fields = DebianControl.Fields(paragraph.Span);
            if (fields.TryGetValue("Package", out string? package))
            {
                some.Add((package, AddressOf(fields.GetValueOrDefault("Vcs-Git"))));
            }
        }

        return some;
    }

    private ListedPage Page(List<(string Package, string? Address)> some)
    {
        Dictionary<RepositoryUrl, ListedRepository> repositories = [];
        List<RejectedEntry> rejected = [];
        foreach ((string package, string? address) in some.Where(one => names is null || names.Contains(one.Package)).Distinct())
        {
            string? reason = "no Vcs-Git";
            if (address is not null && ListedUrls.TryChoose([address], out RepositoryUrl url, out reason))
            {
                repositories[url] = new ListedRepository { Url = url, ListedAt = clock.GetUtcNow() };
            }
            else
            {
                rejected.Add(new RejectedEntry(package, reason));
            }
        }

        return new ListedPage { Repositories = [.. repositories.Values], Rejected = rejected };
    }

    private async Task<T> SafeAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (ArchiveException e)
        {
            throw new ListingException(new RemoteFailure(RemoteFailureKind.Malformed, e.Message), Source, e);
        }
        catch (DownloadException e)
        {
            throw new ListingException(e.Failure, Source, e);
        }
    }

    /// <summary>The component, the paragraphs of it that are done, and the digest that says whether it is still the same index.</summary>
    private static string CursorOf(IReadOnlyList<SuiteFile> files, int place, int done) => string.Create(CultureInfo.InvariantCulture, $"{place} {done} {files[place].Digest}");

    private static (int Component, int Passed) PlaceOf(string? cursor, IReadOnlyList<SuiteFile> files) =>
        cursor?.Split(' ') is [var place, var done, var digest]
        && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out int component) && int.TryParse(done, NumberStyles.None, CultureInfo.InvariantCulture, out int passed)
        && component < files.Count && files[component].Digest == digest
            ? (component, passed)
            : (0, 0);
}
