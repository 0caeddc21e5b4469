using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Loaders.Loads;
using Actors.Loaders.Objects;
using Actors.Loaders.Tests.Archives;
using Actors.Loaders.Tests.Loads;
using Actors.Store.Heads;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Loaders.Tests.Registries;

public sealed class OtherLoadersTests
{
    [Fact]
    public async Task Two_versions_of_one_tarball_are_two_objects()
    {
        await using LoadBed bed = new(Era.Release);
        byte[] tarball = Packing.TarGz(("package/package.json", """{"name":"@a/b","version":"9","author":{"name":["Bo"],"email":"bo@example.org"}}"""));
        Uri address = bed.Server.Put("/t.tgz", tarball);
        string shasum = Convert.ToHexStringLower(Sha1.Plain(tarball));
        object Version(string _) => new { dist = new { shasum, tarball = address } };
        bed.Server.Put("/%40a%2Fb", JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["name"] = "@a/b",
            ["dist-tags"] = new { latest = "2" },
            ["versions"] = new Dictionary<string, object> { ["1"] = Version("1"), ["2"] = Version("2"), ["3"] = Version("3") },
            ["time"] = new Dictionary<string, string> { ["1"] = "2020-01-01T00:00:00.999Z", ["2"] = "2020-01-02T00:00:00.001Z" },
        }));
        (SyncReport report, LoadReport load) = await bed.VisitAsync("npm:@a/b");
        Assert.Equal((VisitStatus.Partial, 2), (load.Status, load.Loaded));
        Assert.Equal("3", Assert.Single(load.Failures).Key);
        Assert.Contains("HEAD -> releases/2", await bed.BranchesAsync(report.Snapshot));
        Assert.EndsWith(
            "tag 1\ntagger Bo <bo@example.org> 1577836800 +0000\n\nSynthetic release for NPM source package @a/b version 1\n",
            await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("authors = [\"Cy \\\"\\u00e9\\\" <cy@example.org>\", \"Di\"]\n", "Cy \"é\" <cy@example.org>")]
    [InlineData("authors = [\n  'C\\y',\n]\n", @"C\y")]
    [InlineData("authors = [\"\\y\"]\n", @"\y")]
    [InlineData("authors = []\n", "")]
    public async Task A_crate_is_loaded_by_a_page_of_code(string authors, string author)
    {
        await using LoadBed bed = new(Era.Release);
        byte[] crate = Packing.TarGz(("c-1.0.0/Cargo.toml", "[package]\nname = \"c\"\n" + authors));
        bed.Server.Put("/api/v1/crates/c/1.0.0/download", crate);
        string checksum = Convert.ToHexStringLower(SHA256.HashData(crate));
        bed.Server.Put("/api/v1/crates/c", JsonSerializer.Serialize(new
        {
            versions = new[] { new { num = "1.0.0", checksum, created_at = "2020-02-03T04:05:06Z", updated_at = "2021-02-03T04:05:06.789000Z", dl_path = "/api/v1/crates/c/1.0.0/download" } },
        }));
        (SyncReport report, _) = await bed.VisitAsync("crates:c");
        Assert.EndsWith(
            $"tag 1.0.0\ntagger {author} 1612325106.789 +0000\n\nSynthetic release for Crate source package c version 1.0.0\n",
            await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1.0.0")), StringComparison.Ordinal);
        Assert.Contains("HEAD -> releases/1.0.0", await bed.BranchesAsync(report.Snapshot));
    }

    [Fact]
    public async Task Archives_by_their_addresses_are_one_origin()
    {
        await using LoadBed bed = new(Era.Release);
        Uri one = bed.Server.Put("/gnu/x/x-1.0.tar.gz", Packing.TarGz(("x-1.0/a", "1"))), two = bed.Server.Put("/gnu/x/x-1.1.zip", Packing.Zip(("x-1.1/a", "2")));
        (SyncReport report, LoadReport load) = await bed.VisitAsync($"archive:{one} {two}");
        Assert.Equal((Outcome.New, new Uri(one, ".").AbsoluteUri), (report.Outcome, load.Origin));
        Assert.Equal(["HEAD -> releases/1.1", "releases/1.0", "releases/1.1"], (await bed.BranchesAsync(report.Snapshot)).Select(line => line.StartsWith("HEAD", StringComparison.Ordinal) ? line : line.Split(' ')[0]));
        (_, load) = await bed.VisitAsync($"archive:{one} {two}");
        Assert.Equal((false, 0), (load.IsEventful, load.Downloads));
    }

    /// <summary>The same version in two archives: no branch hides the other, and there is no HEAD.</summary>
    [Fact]
    public async Task Several_archives_of_one_version_have_a_branch_each()
    {
        await using LoadBed bed = new();
        Uri one = bed.Server.Put("/x/x-1.tar.gz", Packing.TarGz(("x/a", "1"))), two = bed.Server.Put("/x/x-1.zip", Packing.Zip(("x/a", "2")));
        (SyncReport report, _) = await bed.VisitAsync(Feed(bed, false, ("1", one, "5"), ("1", two, "6")));
        Assert.Equal(["releases/1/x-1.tar.gz", "releases/1/x-1.zip"], (await bed.BranchesAsync(report.Snapshot)).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_partial_feed_is_merged_with_the_snapshot_before_and_the_new_ones_win()
    {
        await using LoadBed bed = new();
        Uri one = bed.Server.Put("/x/x-1.tar.gz", Packing.TarGz(("x/a", "1")));
        await bed.VisitAsync(Feed(bed, true, ("1", one, "5"), ("2", one, "6")));
        (SyncReport report, _) = await bed.VisitAsync(Feed(bed, true, ("3", one, "7")));
        Assert.Equal(["HEAD -> releases/3", "releases/1", "releases/2", "releases/3"], (await bed.BranchesAsync(report.Snapshot)).Select(Short));
        // The newest cannot be loaded: what was there stays, HEAD too.
        (report, LoadReport load) = await bed.VisitAsync(Feed(bed, true, ("4", new Uri(one, "absent.tar.gz"), "8")));
        Assert.Equal(VisitStatus.Partial, load.Status);
        Assert.Equal(["HEAD -> releases/3", "releases/1", "releases/2", "releases/3"], (await bed.BranchesAsync(report.Snapshot)).Select(Short));
    }

    /// <summary>Nothing of the snapshot before is lost because the era is another one.</summary>
    [Fact]
    public async Task A_partial_feed_keeps_the_branches_of_the_other_era()
    {
        await using LoadBed bed = new();
        Uri one = bed.Server.Put("/x/x-1.tar.gz", Packing.TarGz(("x/a", "1")));
        (SyncReport first, _) = await bed.VisitAsync(Feed(bed, true, ("1", one, "5")));
        bed.Era = Era.Release;
        (SyncReport report, _) = await bed.VisitAsync(Feed(bed, true, ("2", new Uri(one, "absent.tar.gz"), "6")));
        Assert.Equal(await bed.BranchesAsync(first.Snapshot), await bed.BranchesAsync(report.Snapshot));
    }

    [Fact]
    public async Task An_artifact_without_a_version_is_passed_over()
    {
        await using LoadBed bed = new();
        Uri one = bed.Server.Put("/x/x-1.tar.gz", Packing.TarGz(("x/a", "1")));
        (SyncReport report, LoadReport load) = await bed.VisitAsync(Feed(bed, false, ("", one, "5"), ("1", one, "5")));
        Assert.Equal((VisitStatus.Full, 1), (load.Status, load.Loaded));
        Assert.Equal(["HEAD -> releases/1", "releases/1"], (await bed.BranchesAsync(report.Snapshot)).Select(Short));
        (_, load) = await bed.VisitAsync(Feed(bed, false, ("", one, "5")));
        Assert.Equal(VisitStatus.Failed, load.Status);
    }

    [Theory]
    [InlineData("5", "5 +0000")]
    [InlineData("5.5", "5.5 +0000")]
    [InlineData("\"2003-04-12T21:03:04+02:00\"", "1050174184 +0200")]
    [InlineData("\"2003-04-12T19:03:04.5-00:00\"", "1050174184.5 +0000")]
    [InlineData("\"2003-04-12 19:03:04\"", "1050174184 +0000")]
    public async Task An_archive_s_time_is_a_number_or_a_text_with_its_zone(string time, string written)
    {
        await using LoadBed bed = new();
        Uri one = bed.Server.Put("/x/x-1.tar.gz", Packing.TarGz(("x/a", "1")));
        (SyncReport report, _) = await bed.VisitAsync(Feed(bed, false, ("1", one, time)));
        Assert.Equal(
            $"author Software Heritage {written}\ncommitter Software Heritage {written}\n\nswh-loader-package: synthetic revision message",
            (await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1")))[46..]);
    }

    [Fact]
    public async Task A_time_that_is_none_fails_its_release_and_no_time_is_a_tag_without_one()
    {
        await using LoadBed bed = new(Era.Release);
        Uri one = bed.Server.Put("/x/x-1.tar.gz", Packing.TarGz(("x/a", "1")));
        (SyncReport report, LoadReport load) = await bed.VisitAsync(Feed(bed, false, ("1", one, "null"), ("2", one, "\"soon\"")));
        Assert.Equal("2", Assert.Single(load.Failures).Key);
        Assert.Equal($"type tree\ntag 1\ntagger \n\nSynthetic release for archive at {one}\n", (await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1")))[48..]);
    }

    [Theory]
    [InlineData("""{"version":"1","author":"Ann <a@b>"}""", "Ann <a@b>")]
    [InlineData("""{"version":"1","author":{"name":"Ann","email":"a@b","url":"x"}}""", "Ann <a@b>")]
    [InlineData("""{"version":"1","author":{"email":"a@b"}}""", " <a@b>")]
    [InlineData("""{"version":"1","author":{"name":"Ann","email":null}}""", "Ann")]
    [InlineData("""{"version":"1","author":{"email":null}}""", "")]
    [InlineData("""{"version":"1","author":{"name":null,"email":""}}""", " <>")]
    [InlineData("""{"version":"1","author":{"name":"Ann","email":["a@b","it's"]}}""", """Ann <['a@b', "it's"]>""")]
    [InlineData("""{"version":"1","author":{"name":{"first":"Ann"}}}""", "")]
    [InlineData("""{"version":"1","author":{"name":[]}}""", "")]
    [InlineData("""{"version":"1","author":{}}""", "")]
    [InlineData("""{"version":"1","author":"Ann\nof Here"}""", "Ann\n of Here")]
    [InlineData("""{"version":"1","author":{"name":["Ann","Bo"]}}""", "Ann")]
    [InlineData("""{"version":"1","author":["Ann","Bo"]}""", "Ann")]
    [InlineData("""{"version":"1","author":[]}""", "")]
    [InlineData("""{"version":"1","author":null,"authors":["Ann"]}""", "")]
    [InlineData("""{"version":"1","authors":[{"name":"Ann"}]}""", "Ann")]
    [InlineData("""{"version":"1"}""", "")]
    [InlineData("\ufeff{\"version\":\"1\",\"author\":\"Ann\"}", "Ann")]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    [InlineData("{\"version\":\"1\",}", null)]
    [InlineData("{\"version\":\"1\"} // no", null)]
    [InlineData("", null)]
    public async Task An_npm_package_names_its_author_or_has_no_metadata(string packageJson, string? author)
    {
        await using LoadBed bed = new();
        Uri address = bed.Server.Put("/t.tgz", Packing.TarGz(("package/package.json", packageJson)));
        bed.Server.Put("/p", Listing($"\"1\":{VersionOf(address)}"));
        (SyncReport report, LoadReport load) = await bed.VisitAsync("npm:p");
        Assert.Equal((VisitStatus.Full, author is null ? 1 : 0), (load.Status, load.Skipped));
        if (author is not null)
        {
            Assert.StartsWith($"author {author} 1577836800 +0000\n", (await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1")))[46..], StringComparison.Ordinal);
        }

        // Nothing is fetched again, whichever it was.
        bed.Server.Put("/p", Listing($"\"1\":{VersionOf(address)}") + " ");
        (_, load) = await bed.VisitAsync("npm:p");
        Assert.Equal(0, load.Downloads);
    }

    /// <summary>Not UTF-8: as Latin-1, which nearly all such texts are.</summary>
    [Fact]
    public async Task A_package_json_in_another_encoding_is_read()
    {
        foreach ((Encoding encoding, byte[] mark) in ((Encoding, byte[])[])[(Encoding.Latin1, []), (Encoding.Unicode, [0xff, 0xfe]), (Encoding.BigEndianUnicode, [0xfe, 0xff])])
        {
            await using LoadBed bed = new();
            byte[] json = [.. mark, .. encoding.GetBytes("""{"version":"1","author":"José"}""")];
            Uri address = bed.Server.Put("/t.tgz", Packing.Gzip(Packing.Tar(writer => writer.WriteEntry(
                new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "package/package.json") { DataStream = new MemoryStream(json) }))));
            bed.Server.Put("/p", Listing($"\"1\":{VersionOf(address)}"));
            (SyncReport report, _) = await bed.VisitAsync("npm:p");
            Assert.StartsWith("author José 1577836800 +0000\n", (await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1")))[46..], StringComparison.Ordinal);
        }
    }

    /// <summary>The list's key names the branch, what the entry says of itself the tag, and its time.</summary>
    [Fact]
    public async Task An_entry_may_say_another_version_than_its_key()
    {
        await using LoadBed bed = new(Era.Release);
        Uri address = bed.Server.Put("/t.tgz", Packing.TarGz(("package/package.json", """{"version":"1"}""")));
        bed.Server.Put(
            "/p",
            """{"name":"p","dist-tags":{"latest":"1.0"},"time":{"1.0":"2020-01-01T00:00:00Z","v1.0":"2020-01-02T00:00:00Z"},"versions":{"1.0":{"version":"v1.0","dist":{"tarball":"TARBALL"}}}}"""
                .Replace("TARBALL", address.ToString(), StringComparison.Ordinal));
        (SyncReport report, _) = await bed.VisitAsync("npm:p");
        Assert.EndsWith(
            "tag v1.0\ntagger  1577923200 +0000\n\nSynthetic release for NPM source package p version v1.0\n",
            await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1.0")), StringComparison.Ordinal);
        Assert.Contains("HEAD -> releases/1.0", await bed.BranchesAsync(report.Snapshot));
    }

    [Fact]
    public async Task Without_a_latest_version_HEAD_is_the_highest_one_in_the_later_era_only()
    {
        foreach (Era era in (Era[])[Era.Revision, Era.Release])
        {
            await using LoadBed bed = new(era);
            Uri address = bed.Server.Put("/t.tgz", Packing.TarGz(("package/package.json", """{"version":"1"}""")));
            bed.Server.Put("/p", Listing(string.Join(',', ((string[])["1.9", "1.10", "1.2"]).Select(version => $"\"{version}\":{VersionOf(address)}"))));
            (SyncReport report, _) = await bed.VisitAsync("npm:p");
            string[] heads = [.. (await bed.BranchesAsync(report.Snapshot)).Where(line => line.StartsWith("HEAD", StringComparison.Ordinal))];
            Assert.Equal(era == Era.Revision ? [] : ["HEAD -> releases/1.10"], heads);
        }
    }

    private static string Listing(string versions) => "{\"versions\":{" + versions + "}}";

    private static string VersionOf(Uri tarball) => $$"""{"dist":{"tarball":"{{tarball}}"},"mtime":"2020-01-01T00:00:00Z"}""";

    private static string Short(string branch) => branch.StartsWith("HEAD", StringComparison.Ordinal) ? branch : branch.Split(' ')[0];

    private static string Feed(LoadBed bed, bool appends, params (string Version, Uri Address, string Time)[] artifacts) =>
        $"{{\"loader\":\"archive\",\"origin\":\"{bed.Server.Address}x/\",\"append\":{(appends ? "true" : "false")},\"artifacts\":["
            + string.Join(',', artifacts.Select(one => $"{{\"version\":\"{one.Version}\",\"url\":\"{one.Address}\",\"time\":{one.Time}}}")) + "]}";

    [Theory]
    [InlineData("$time $length $version $url", "5 10 1.0 u")]
    [InlineData("${time}$$$version", "5$1.0")]
    public void A_manifest_is_filled_with_values_as_given(string template, string expected) =>
        Assert.Equal(expected, Loaders.Registries.ArchiveLoader.Fill(template, JsonDocument.Parse("""{"time":5,"length":10,"version":"1.0","url":"u"}""").RootElement));

    [Theory]
    [InlineData("$sha256")]
    [InlineData("a $ b")]
    [InlineData("${time")]
    public void A_manifest_with_an_unknown_key_is_an_error(string template) =>
        Assert.Throws<ArchiveException>(() => Loaders.Registries.ArchiveLoader.Fill(template, JsonDocument.Parse("""{"time":5}""").RootElement));
}
