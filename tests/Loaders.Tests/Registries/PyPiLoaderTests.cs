using System.Formats.Tar;
using System.Text;
using Actors.Loaders.Loads;
using Actors.Loaders.Objects;
using Actors.Loaders.Tests.Archives;
using Actors.Loaders.Tests.Loads;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Loaders.Tests.Registries;

public sealed class PyPiLoaderTests
{
    private const string Header = "Metadata-Version: 1.0\nName: p\n";

    [Theory]
    [InlineData("Author: Ann\nAuthor-email: a@b\nVersion: 2\n", "Ann <a@b>", "2")]
    [InlineData("Author: Ann\nVersion: 2\n", "Ann", "2")]
    [InlineData("Author: Ann\nAuthor-email:\nVersion: 2\n", "Ann", "2")]
    [InlineData("Author: Ann\nAuthor-email: UNKNOWN\nVersion: 2\n", "Ann", "2")]
    [InlineData("Author-email: a@b\nVersion: 2\n", "None <a@b>", "2")]
    [InlineData("Author: UNKNOWN\nAuthor-email: a@b\nVersion: 2\n", "None <a@b>", "2")]
    [InlineData("Author:\nAuthor-email: a@b\nVersion: 2\n", " <a@b>", "2")]
    [InlineData("Author: ['pierre', 'paul']\nAuthor-email: [a@b, c@d]\nVersion: 2\n", "['pierre', 'paul'] <[a@b, c@d]>", "2")]
    [InlineData("Version: 2\n", "", "2")]
    [InlineData("Author: Ann\nVersion: UNKNOWN\n", "Ann", null)]
    [InlineData("Author: Ann\n", "Ann", null)]
    [InlineData("Author: Ann\nVersion:\n", "Ann", "")]
    [InlineData("", "", null)]
    public async Task The_archive_says_author_and_version_and_the_registry_the_rest(string fields, string author, string? version)
    {
        string commit = await LoadAsync(Era.Revision, Header + fields, "");
        Assert.Equal($"author {author} 1577836800 +0000\ncommitter {author} 1577836800 +0000\n\n{version}", commit[46..]);
        commit = await LoadAsync(Era.Revision, Header + fields, "words");
        Assert.EndsWith($"\n\n{version}: words", commit, StringComparison.Ordinal);
        string tag = await LoadAsync(Era.Release, Header + fields, "");
        Assert.Equal($"type tree\ntag 1.0\ntagger {author} 1577836800 +0000\n\nSynthetic release for PyPI source package p version {version ?? "1.0"}\n", tag[48..]);
        tag = await LoadAsync(Era.Release, Header + fields, "words");
        Assert.EndsWith("+0000\n\nwords", tag, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PKG-INFO")]
    [InlineData("p/sub/PKG-INFO")]
    [InlineData("p/pkg-info")]
    [InlineData("p/PKG-INFO/inside")]
    public async Task Metadata_lies_in_the_only_top_folder_or_nowhere(string path)
    {
        await using LoadBed bed = new();
        new PyPiProject(bed.Server, "p").Add("1", archive: Packing.TarGz((path, Header)));
        (_, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((VisitStatus.Full, 1, true), (load.Status, load.Skipped, load.IsEventful));
    }

    [Fact]
    public async Task Of_two_top_folders_neither_is_the_package_s()
    {
        await using LoadBed bed = new();
        new PyPiProject(bed.Server, "p").Add("1", archive: Packing.TarGz(("p/PKG-INFO", Header), ("q/PKG-INFO", Header)));
        Assert.Equal(1, (await bed.VisitAsync("pypi:p")).Load.Skipped);
    }

    [Theory]
    [InlineData("p.egg-info/PKG-INFO", true)]
    [InlineData("./p.egg-info/../p.egg-info/PKG-INFO", true)]
    [InlineData("../p/p.egg-info/PKG-INFO", true)]
    [InlineData("../../p/p.egg-info/PKG-INFO", false)]
    [InlineData("/p/p.egg-info/PKG-INFO", false)]
    [InlineData("PKG-INFO", false)]
    [InlineData("nothing", false)]
    public async Task Metadata_may_lie_behind_a_link_within_the_archive(string link, bool found)
    {
        await using LoadBed bed = new();
        byte[] tar = Packing.Tar(writer =>
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "p/PKG-INFO") { LinkName = link });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "p/p.egg-info/PKG-INFO") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(Header + "Author: Ann\n")) });
        });
        new PyPiProject(bed.Server, "p").Add("1", archive: Packing.Gzip(tar));
        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((found ? 1 : 0, found ? 0 : 1), (load.Loaded, load.Skipped));
        if (found)
        {
            Assert.Contains("\nauthor Ann 1", await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Source_distributions_are_told_by_type_and_name()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        byte[] archive = Packing.TarGz(("p/PKG-INFO", Header));
        foreach (string ending in (string[])["tar.gz", "deb", "egg", "RPM", "whl", "zip"])
        {
            project.Add("1", archive: archive, fileName: $"p-1.{ending}");
        }

        project.Add("1", archive: archive, fileName: "p-1-py3.tar.gz", type: "bdist_dumb");
        project.Add("2", archive: archive, fileName: "p-2.whl");
        project.Add("3", archive: archive, fileName: "p-3.tgz");
        (SyncReport report, _) = await bed.VisitAsync("pypi:p");
        Assert.Equal(["HEAD", "releases/1/p-1.tar.gz", "releases/1/p-1.zip", "releases/3"], (await bed.BranchesAsync(report.Snapshot)).Select(line => line.Split(' ')[0]));
    }

    private static async Task<string> LoadAsync(Era era, string metadata, string comment)
    {
        await using LoadBed bed = new(era);
        new PyPiProject(bed.Server, "p").Add("1.0", comment: comment, archive: Packing.TarGz(("p-1/PKG-INFO", metadata)));
        (SyncReport report, _) = await bed.VisitAsync("pypi:p");
        return await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1.0"));
    }
}
