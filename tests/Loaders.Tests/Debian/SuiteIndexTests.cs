using System.Security.Cryptography;
using System.Text;
using Actors.Loaders.Loads;
using Actors.Loaders.Objects;
using Actors.Loaders.Tests.Archives;
using Actors.Loaders.Tests.Loads;
using Actors.Store.Heads;
using Actors.Sync.Repositories;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Loaders.Tests.Debian;

/// <summary>A suite of an archive of our own making, looked up by its index.</summary>
public sealed class SuiteIndexTests
{
    [Theory]
    [InlineData(".gz")]
    [InlineData("")]
    public async Task A_package_is_found_in_every_component_of_its_suite(string ending)
    {
        await using LoadBed bed = new(Era.Release);
        Publish(bed.Server, ending, ("main", "hello", "1.0"), ("main", "hello", "1:0.9"), ("contrib", "hello", "1.0"), ("main", "other", "5"));
        (SyncReport report, LoadReport load) = await bed.VisitAsync("debian:sid/hello");
        Assert.Empty(load.Failures);
        Assert.Equal((VisitStatus.Full, "deb://Debian/packages/hello", 3), (load.Status, load.Origin, load.Loaded));
        Assert.Equal(
            ["HEAD -> releases/sid/main/1:0.9", "releases/sid/contrib/1.0", "releases/sid/main/1.0", "releases/sid/main/1:0.9"],
            (await bed.BranchesAsync(report.Snapshot)).Select(line => line.StartsWith("HEAD", StringComparison.Ordinal) ? line : line.Split(' ')[0]));
    }

    [Fact]
    public async Task The_index_is_fetched_once_for_all_packages_of_a_run()
    {
        await using LoadBed bed = new();
        Publish(bed.Server, ".gz", ("main", "a", "1"), ("main", "b", "1"), ("main", "c", "1"));
        Recorder recorder = new();
        await bed.RunAsync("debian:sid/a\ndebian:sid/b\ndebian:sid/c\ndebian:sid/absent\n", recorder);
        Assert.Equal(3, recorder.Ended.Count(ended => ended.Report.Outcome == Outcome.New));
        Assert.Equal(VisitStatus.NotFound, recorder.Ended.Single(ended => ended.Report.Outcome == Outcome.Gone).Load.Status);
        Assert.Single(bed.Server.Asked, path => path.EndsWith("/Release", StringComparison.Ordinal));
        Assert.Single(bed.Server.Asked, path => path.EndsWith("/Sources.gz", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_index_that_cannot_be_had_is_a_failure_of_that_visit_and_asked_for_again()
    {
        await using LoadBed bed = new();
        Publish(bed.Server, ".gz", ("main", "a", "1"));
        byte[] sources = bed.Server.Body("/dists/sid/main/source/Sources.gz");
        bed.Server.PutRaw("/dists/sid/main/source/Sources.gz", HttpAnswer.Of([], 403));
        (_, LoadReport load) = await bed.VisitAsync("debian:sid/a");
        Assert.Equal(VisitStatus.Failed, load.Status);
        bed.Server.Put("/dists/sid/main/source/Sources.gz", sources[..^9]);
        (_, load) = await bed.VisitAsync("debian:sid/a");
        Assert.Equal(VisitStatus.Failed, load.Status);
        bed.Server.Put("/dists/sid/main/source/Sources.gz", Packing.Gzip("Package: a\n"u8.ToArray()));
        (_, load) = await bed.VisitAsync("debian:sid/a");
        Assert.Equal(VisitStatus.Failed, load.Status);
        bed.Server.Put("/dists/sid/main/source/Sources.gz", sources);
        (_, load) = await bed.VisitAsync("debian:sid/a");
        Assert.Equal(VisitStatus.Full, load.Status);
    }

    [Fact]
    public async Task A_suite_that_is_not_there_is_not_found()
    {
        await using LoadBed bed = new();
        (SyncReport report, LoadReport load) = await bed.VisitAsync("debian:sid/a");
        Assert.Equal((Outcome.Gone, VisitStatus.NotFound), (report.Outcome, load.Status));
    }

    /// <summary>A native package of each, with its index and the suite's.</summary>
    private static void Publish(RegistryServer server, string ending, params (string Component, string Name, string Version)[] packages)
    {
        StringBuilder release = new("Origin: Test\nComponents: main contrib\nSHA256:\n");
        foreach (IGrouping<string, (string Component, string Name, string Version)> component in packages.GroupBy(package => package.Component))
        {
            string text = string.Join('\n', component.Select(package => Paragraph(server, package)));
            byte[] sources = Encoding.UTF8.GetBytes(text);
            byte[] packed = ending == ".gz" ? Packing.Gzip(sources) : sources;
            server.Put($"/dists/sid/{component.Key}/source/Sources{ending}", packed);
            release.Append($" {Convert.ToHexStringLower(SHA256.HashData(packed))} 1 {component.Key}/source/Sources{ending}\n");
        }

        server.Put("/dists/sid/Release", release.ToString());
    }

    private static string Paragraph(RegistryServer server, (string Component, string Name, string Version) package)
    {
        string bare = package.Version[(package.Version.IndexOf(':', StringComparison.Ordinal) + 1)..], stem = $"{package.Name}_{bare}", folder = $"pool/{package.Component}/{package.Name}";
        byte[] tar = Packing.TarGz(
            ($"{package.Name}/debian/changelog", $"{package.Name} ({package.Version}) sid; urgency=low\n\n  * {package.Component}.\n\n -- Ann <a@b.example>  Sun, 19 Oct 2014 16:52:35 +0200\n"));
        byte[] dsc = Encoding.UTF8.GetBytes($"Format: 3.0 (native)\nSource: {package.Name}\nVersion: {package.Version}\nComponent: {package.Component}\n");
        server.Put($"/{folder}/{stem}.tar.gz", tar);
        server.Put($"/{folder}/{stem}.dsc", dsc);
        string Line(byte[] digest, byte[] file, string name) => $" {Convert.ToHexStringLower(digest)} {file.Length} {name}\n";
        return $"Package: {package.Name}\nBinary: x,\n y\nVersion: {package.Version}\nDirectory: {folder}\nFiles:\n"
            + Line(MD5.HashData(dsc), dsc, stem + ".dsc") + Line(MD5.HashData(tar), tar, stem + ".tar.gz")
            + "Checksums-Sha256:\n" + Line(SHA256.HashData(dsc), dsc, stem + ".dsc") + Line(SHA256.HashData(tar), tar, stem + ".tar.gz");
    }
}
