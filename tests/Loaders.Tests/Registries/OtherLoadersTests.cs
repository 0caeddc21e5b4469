using System.Security.Cryptography;
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

    [Fact]
    public async Task A_crate_is_loaded_by_a_page_of_code()
    {
        await using LoadBed bed = new(Era.Release);
        byte[] crate = Packing.TarGz(("c-1.0.0/Cargo.toml", "[package]\nname = \"c\"\nauthors = [\"Cy <cy@example.org>\"]\n"));
        bed.Server.Put("/api/v1/crates/c/1.0.0/download", crate);
        string checksum = Convert.ToHexStringLower(SHA256.HashData(crate));
        bed.Server.Put("/api/v1/crates/c", JsonSerializer.Serialize(new
        {
            crate = new { default_version = "1.0.0" },
            versions = new[] { new { num = "1.0.0", checksum, created_at = "2021-02-03T04:05:06.789Z", dl_path = "/api/v1/crates/c/1.0.0/download" } },
        }));
        (SyncReport report, _) = await bed.VisitAsync("crates:c");
        Assert.EndsWith(
            "tag 1.0.0\ntagger Cy <cy@example.org> 1612325106 +0000\n\nSynthetic release for Crate source package c version 1.0.0\n",
            await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1.0.0")), StringComparison.Ordinal);
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
