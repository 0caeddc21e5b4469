using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Actors.Loaders.Listings;
using Actors.Loaders.Tests.Archives;
using Actors.TestKit;
using Xunit;
using static Actors.Loaders.Tests.Listings.ListingBed;

namespace Actors.Loaders.Tests.Listings;

/// <summary>A suite of an archive of our own making, listed by its packages' Vcs-Git.</summary>
public sealed class DebianListingTests
{
    [Fact]
    public async Task Every_packages_repository_is_listed_once_without_branch_and_folder()
    {
        await using ListingBed bed = new();
        Publish(bed,
            ("main", "Package: a\nVersion: 1\nVcs-Git: https://salsa.debian.org/debian/a.git\n\nPackage: a\nVersion: 2\nVcs-Git: https://salsa.debian.org/debian/a.git\n\nPackage: b\nVcs-Git: https://salsa.debian.org/go-team/b.git -b debian/sid [sub]\n\nPackage: none\nVersion: 3\n"),
            ("contrib", "Package: c\nVcs-Git: git://git.example/c\nVcs-Browser: https://x\n\nPackage: d\nVcs-Git: lp:d\n"));
        List<ListedPage> pages = await ReadAsync(bed.Open("debian:sid", Api(bed)));
        Assert.Equal(["https://salsa.debian.org/debian/a.git", "https://salsa.debian.org/go-team/b.git", "git://git.example/c"], Urls(pages));
        Assert.Equal(["d", "none"], pages.SelectMany(page => page.Rejected).Select(one => one.Name).Order());
        Assert.Equal([false, false, true], pages.Select(page => page.IsLast));
    }

    [Fact]
    public async Task A_run_goes_on_within_a_component_as_long_as_the_index_is_the_same()
    {
        await using ListingBed bed = new();
        string Many(int count) => string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"Package: p{i}\nVcs-Git: https://salsa.debian.org/p/{i}.git\nBuild-Depends: {new string('x', i % 3000)}\n\n")));
        Publish(bed, ("main", Many(1234)), ("contrib", "Package: c\nVcs-Git: https://salsa.debian.org/c.git\n"));
        List<ListedPage> pages = await ReadAsync(bed.Open("debian:sid", Api(bed)));
        Assert.Equal([500, 500, 234, 1, 0], pages.Select(page => page.Repositories.Count));
        for (int place = 0; place < pages.Count - 1; place++)
        {
            Assert.Equal(Urls(pages.Skip(place + 1)), Urls(await ReadAsync(bed.Open("debian:sid", Api(bed)), pages[place].Cursor)));
        }

        Publish(bed, ("main", Many(3)), ("contrib", "Package: c\nVcs-Git: https://salsa.debian.org/c.git\n"));
        Assert.Equal(4, Urls(await ReadAsync(bed.Open("debian:sid", Api(bed)), pages[1].Cursor)).Length);
    }

    [Fact]
    public async Task An_index_that_is_not_what_the_suite_says_is_no_end()
    {
        await using ListingBed bed = new();
        Publish(bed, ("main", "Package: a\nVcs-Git: https://salsa.debian.org/debian/a.git\n"));
        bed.Server.Put("/dists/sid/main/source/Sources.gz", Packing.Gzip("Package: z\nVcs-Git: https://salsa.debian.org/debian/z.git\n"u8.ToArray()));
        (List<ListedPage> pages, ListingException? failure) = await TryReadAsync(bed.Open("debian:sid", Api(bed)));
        Assert.Contains("SHA256", failure!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(pages, page => page.IsLast);
        bed.Server.Put("/dists/sid/Release", "nonsense");
        (_, failure) = await TryReadAsync(bed.Open("debian:sid", Api(bed)));
        Assert.NotNull(failure);
    }

    [Fact]
    public async Task Names_that_a_database_gives_are_looked_up_and_those_that_are_missing_told()
    {
        using TemporaryFolder folder = new();
        string file = folder["packages.db"];
        SqliteTables.Make(file, "CREATE TABLE Publish_Packages (Package TEXT, N INTEGER); INSERT INTO Publish_Packages VALUES ('a', 1), ('c', 2), ('a', 3), ('none', 4), ('gone', 5)");
        await using ListingBed bed = new();
        Publish(bed, ("main", "Package: a\nVcs-Git: https://salsa.debian.org/debian/a.git\n\nPackage: b\nVcs-Git: https://salsa.debian.org/debian/b.git\n\nPackage: none\n\nPackage: c\nVcs-Git: https://github.com/x/c\n"));
        IListing listing = bed.Open("sql:" + file, "SELECT DISTINCT Package FROM Publish_Packages", "debian:sid", Api(bed));
        Assert.Equal($"sql:sqlite:{file} in debian:sid", listing.Source);
        List<ListedPage> pages = await ReadAsync(listing);
        Assert.Equal(["https://salsa.debian.org/debian/a.git", "https://github.com/x/c"], Urls(pages));
        Assert.Equal([("none", "no Vcs-Git"), ("gone", "not a source package of sid")], pages.SelectMany(page => page.Rejected).Select(one => (one.Name, one.Reason)));
        Assert.Equal([("none", "no Vcs-Git"), ("gone", "not a source package of sid")], (await ReadAsync(listing, "0 0 x")).SelectMany(page => page.Rejected).Select(one => (one.Name, one.Reason)));
    }

    [Fact]
    public async Task Addresses_that_a_database_gives_are_listed_with_what_its_further_columns_say()
    {
        using TemporaryFolder folder = new();
        string file = folder["urls.db"];
        SqliteTables.Make(file, "CREATE TABLE r (url TEXT, parent TEXT, size INTEGER, at TEXT); INSERT INTO r VALUES ('https://a.example/x', 'https://a.example/up', 5, '2024-05-01T00:00:00Z'), (NULL, NULL, NULL, NULL), ('https://a.example/y', NULL, NULL, NULL)");
        await using ListingBed bed = new();
        ListedPage page = Assert.Single(await ReadAsync(bed.Open("sql:sqlite:" + file, "SELECT * FROM r", null, Api(bed))));
        Assert.Equal([("https://a.example/x", "https://a.example/up", 5L), ("https://a.example/y", null, null)], page.Repositories.Select(one => (one.Url.ToString(), one.Parent?.ToString(), one.SizeBytes)));
        Assert.Equal(2024, page.Repositories[0].UpdatedAt!.Value.Year);
        Assert.Single(page.Rejected);
        (_, ListingException? failure) = await TryReadAsync(bed.Open("sql:sqlite:" + file, "DELETE FROM r", null, Api(bed)));
        Assert.NotNull(failure);
        (_, failure) = await TryReadAsync(bed.Open("sql:sqlite:" + file, "SELECT x FROM nowhere", null, Api(bed)));
        Assert.Contains("nowhere", failure!.Message, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(await ReadAsync(bed.Open("sql:sqlite:" + file, "SELECT url FROM r WHERE url IS NOT NULL", null, Api(bed)))).Repositories.Count);
        Assert.Throws<FormatException>(() => bed.Open("sql:no file and no connection", "SELECT 1", null, Api(bed)));
    }

    private static ListingOptions Api(ListingBed bed) => new() { Api = bed.Server.Address };

    private static void Publish(ListingBed bed, params (string Component, string Sources)[] components)
    {
        StringBuilder release = new($"Suite: unstable\nCodename: sid\nComponents: {string.Join(' ', components.Select(one => one.Component))}\nSHA256:\n");
        foreach ((string component, string sources) in components)
        {
            byte[] packed = Packing.Gzip(Encoding.UTF8.GetBytes(sources));
            release.Append(CultureInfo.InvariantCulture, $" {Convert.ToHexStringLower(SHA256.HashData(packed))} {packed.Length} {component}/source/Sources.gz\n");
            bed.Server.Put($"/dists/sid/{component}/source/Sources.gz", packed);
        }

        bed.Server.Put("/dists/sid/Release", release.ToString());
    }
}
