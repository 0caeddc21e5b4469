using Actors.Git.Objects;
using Actors.Loaders.Loads;
using Actors.Loaders.Objects;
using Actors.Loaders.Tests.Archives;
using Actors.Store.ExtIds;
using Actors.Store.Heads;
using Actors.Sync.Repositories;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Loaders.Tests.Loads;

/// <summary>The tutorial's story and its accidents, with a registry of our own making.</summary>
public sealed class StoryTests
{
    [Theory]
    [InlineData(Era.Revision)]
    [InlineData(Era.Release)]
    public async Task A_project_is_loaded_then_unchanged_then_gets_a_release(Era era)
    {
        await using LoadBed bed = new(era);
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        project.Add("2");
        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((Outcome.New, VisitStatus.Full, true, 2), (report.Outcome, load.Status, load.IsEventful, load.Downloads));
        // Three files of which one is in both, two folders each.
        Assert.Equal((5, 4), (load.Contents, load.Directories));
        Assert.Equal(["HEAD -> releases/2"], (await bed.BranchesAsync(report.Snapshot)).Where(line => line.StartsWith("HEAD", StringComparison.Ordinal)));

        int asked = bed.Server.Asked.Count;
        (SyncReport again, load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((Outcome.Unchanged, report.Snapshot, false, asked + 1), (again.Outcome, again.Snapshot, load.IsEventful, bed.Server.Asked.Count));

        project.Add("3");
        (again, load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((Outcome.Updated, true, 1, 2, 2), (again.Outcome, load.IsEventful, load.Downloads, load.Contents, load.Directories));
        Assert.Equal(4, (await bed.BranchesAsync(again.Snapshot)).Length);
    }

    [Fact]
    public async Task The_objects_say_what_the_registry_and_the_package_say()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1", comment: "first");
        (SyncReport report, _) = await bed.VisitAsync("pypi:p");
        string text = await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1"));
        Assert.Equal("author Ann <ann@example.org> 1577836800 +0000\ncommitter Ann <ann@example.org> 1577836800 +0000\n\n1: first", text[46..]);
        bed.Era = Era.Release;
        (report, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((1, 0), (load.Loaded, load.Contents));
        text = await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/1"));
        Assert.Equal("type tree\ntag 1\ntagger Ann <ann@example.org> 1577836800 +0000\n\nfirst", text[48..]);
    }

    [Fact]
    public async Task A_listing_with_other_words_costs_one_request_and_makes_no_object()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        (SyncReport first, _) = await bed.VisitAsync("pypi:p");
        int asked = bed.Server.Asked.Count;
        project.Latest = "no such version";
        project.Publish();
        (SyncReport second, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((asked + 1, false, 0), (bed.Server.Asked.Count, load.IsEventful, load.Downloads));
        Assert.NotEqual(first.Snapshot, second.Snapshot);
        Assert.DoesNotContain("HEAD -> releases/1", await bed.BranchesAsync(second.Snapshot));
    }

    [Fact]
    public async Task What_goes_into_the_object_makes_it_another_release()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        byte[] archive = Packing.TarGz(("p-1/PKG-INFO", "Version: 1\n"));
        project.Add("1", archive: archive, comment: "one");
        (SyncReport first, _) = await bed.VisitAsync("pypi:p");
        project.Remove("1");
        project.Add("1", archive: archive, comment: "two");
        (SyncReport second, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal(1, load.Loaded);
        Assert.NotEqual(await bed.TargetAsync(first.Snapshot, "releases/1"), await bed.TargetAsync(second.Snapshot, "releases/1"));
    }

    [Fact]
    public async Task A_version_with_several_artifacts_has_a_branch_for_each_and_no_HEAD()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        project.Add("1", fileName: "p-1.zip", archive: Packing.Zip(("p-1/PKG-INFO", "Version: 1\n")));
        project.Add("1", fileName: "p-1-py3.whl", archive: Packing.Zip(("x", "y")), type: "bdist_wheel");
        (SyncReport report, _) = await bed.VisitAsync("pypi:p");
        Assert.Equal(["releases/1/p-1.tar.gz", "releases/1/p-1.zip"], (await bed.BranchesAsync(report.Snapshot)).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_release_fails_alone_and_is_tried_again()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        string path = project.Add("2", sha256: new string('0', 64));
        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((Outcome.Partial, VisitStatus.Partial, 1), (report.Outcome, load.Status, load.Loaded));
        Assert.Equal("2", Assert.Single(load.Failures).Key);
        Assert.Contains("SHA256", load.Failures[0].Value, StringComparison.Ordinal);
        // What the failing release brought is not in the store.
        Assert.Equal((3, 2), (load.Contents, load.Directories));
        (report, load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((Outcome.Partial, 0, 2), (report.Outcome, load.Loaded, bed.Server.Asked.Count(one => one == path)));
    }

    [Fact]
    public async Task A_release_that_fails_later_keeps_its_branch_and_one_that_is_gone_does_not()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        project.Add("2");
        (SyncReport first, _) = await bed.VisitAsync("pypi:p");
        project.Remove("1");
        project.Remove("2");
        project.Add("2", comment: "changed", sha256: new string('0', 64));
        (SyncReport second, _) = await bed.VisitAsync("pypi:p");
        Assert.Equal(await bed.TargetAsync(first.Snapshot, "releases/2"), await bed.TargetAsync(second.Snapshot, "releases/2"));
        Assert.DoesNotContain(await bed.BranchesAsync(second.Snapshot), line => line.StartsWith("releases/1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_archive_without_metadata_is_fetched_once()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        string path = project.Add("1", archive: Packing.TarGz(("p-1/readme", "x")));
        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((Outcome.Empty, VisitStatus.Full, 1, 0), (report.Outcome, load.Status, load.Skipped, load.Contents));
        project.Latest = "changed";
        project.Publish();
        (_, load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((0, 1), (load.Skipped, bed.Server.Asked.Count(one => one == path)));
    }

    [Theory]
    [InlineData(404, Outcome.Gone, VisitStatus.NotFound)]
    [InlineData(410, Outcome.Gone, VisitStatus.NotFound)]
    [InlineData(403, Outcome.Refused, VisitStatus.Failed)]
    [InlineData(500, Outcome.Failed, VisitStatus.Failed)]
    public async Task Only_a_404_of_the_listing_is_not_found(int status, Outcome outcome, VisitStatus expected)
    {
        await using LoadBed bed = new();
        bed.Server.PutRaw("/pypi/p/json", HttpAnswer.Of([], status));
        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((outcome, expected, null), (report.Outcome, load.Status, report.Snapshot));
    }

    [Fact]
    public async Task A_failing_listing_keeps_the_snapshot()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        (SyncReport first, _) = await bed.VisitAsync("pypi:p");
        bed.Server.Put(project.ListingPath, "no JSON");
        (SyncReport second, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((Outcome.Corrupt, VisitStatus.Failed, first.Snapshot), (second.Outcome, load.Status, second.Snapshot));
        bed.Server.Put(project.ListingPath, """{"info":{},"releases":{}}""");
        (second, load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((VisitStatus.Failed, first.Snapshot), (load.Status, second.Snapshot));
    }

    [Fact]
    public async Task A_body_that_is_cut_off_is_fetched_again_in_the_same_visit()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        string path = project.Add("1");
        byte[] whole = bed.Server.Body(path);
        bed.Server.PutOnce(path, HttpAnswer.Of(whole.AsSpan(0, whole.Length / 2), announced: whole.Length));
        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((Outcome.New, 1, 2), (report.Outcome, load.Loaded, bed.Server.Asked.Count(one => one == path)));
    }

    /// <summary>The external ids were lost with the process: a download, never an error.</summary>
    [Fact]
    public async Task Without_its_external_ids_a_visit_downloads_and_converges()
    {
        MemoryHeadStore heads = new();
        await using LoadBed bed = new() { Heads = heads };
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        (SyncReport first, _) = await bed.VisitAsync("pypi:p");
        project.Latest = "other";
        project.Publish();
        bed.ForgetExtIds();
        (SyncReport second, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((1, 0L, VisitStatus.Full), (load.Downloads, load.NewObjects.Sum(), load.Status));
        Assert.Equal(await bed.TargetAsync(first.Snapshot, "releases/1"), await bed.TargetAsync(second.Snapshot, "releases/1"));
    }

    /// <summary>External ids were written, and the snapshot was not: they are not believed.</summary>
    [Fact]
    public async Task External_ids_without_a_snapshot_are_not_believed()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        await bed.VisitAsync("pypi:p");
        bed.ForgetHeads();
        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((Outcome.New, 1, 0L), (report.Outcome, load.Downloads, load.NewObjects.Sum()));
    }

    /// <summary>The object store was restored from an older copy, the databases were not.</summary>
    [Fact]
    public async Task What_the_store_has_lost_is_loaded_again()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        (SyncReport first, _) = await bed.VisitAsync("pypi:p");
        bed.Objects = new Actors.Store.Objects.MemoryObjectStore();
        project.Latest = "other";
        project.Publish();
        (SyncReport second, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((1, 6L), (load.Downloads, load.NewObjects.Sum()));
        Assert.Equal(await bed.TargetAsync(first.Snapshot, "releases/1"), await bed.TargetAsync(second.Snapshot, "releases/1"));
    }

    [Fact]
    public async Task Contents_are_found_by_each_of_their_names()
    {
        await using LoadBed bed = new();
        new PyPiProject(bed.Server, "p").Add("1");
        await bed.VisitAsync("pypi:p");
        byte[] content = "print(1)\n"u8.ToArray();
        Oid oid = ObjectHash.Compute(ObjectType.Blob, content);
        foreach (string digest in (string[])[Convert.ToHexStringLower(Sha1.Plain(content)), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))])
        {
            ContentName? name = await bed.ExtIds.FindContentAsync(digest, CancellationToken.None);
            Assert.Equal((oid, 9L), (name!.Value.Oid, name.Value.Length));
        }
    }

    /// <summary>The registry is one host, the files lie on another: what that one asks for is kept by all loads of the run.</summary>
    [Fact]
    public async Task A_file_host_that_asks_for_patience_is_not_asked_for_the_next_file()
    {
        await using LoadBed bed = new();
        Uri files = new UriBuilder(bed.Server.Address) { Host = "localhost" }.Uri;
        bed.Mirrors.Add((new Uri(bed.Server.Address, "files/").AbsoluteUri, new Uri(files, "files/").AbsoluteUri));
        string first = new PyPiProject(bed.Server, "p").Add("1"), second = new PyPiProject(bed.Server, "q").Add("1");
        bed.Server.PutRaw(first, HttpAnswer.Of([], 429, headers: "Retry-After: 3600"));
        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((VisitStatus.Partial, true), (load.Status, report.RetryAt > DateTimeOffset.UnixEpoch));
        (report, load) = await bed.VisitAsync("pypi:q");
        Assert.Equal((VisitStatus.Partial, true), (load.Status, report.RetryAt > DateTimeOffset.UnixEpoch));
        Assert.DoesNotContain(second, bed.Server.Asked);
    }

    [Fact]
    public async Task Many_packages_are_loaded_in_one_run_and_bad_lines_are_told()
    {
        await using LoadBed bed = new();
        foreach (int i in Enumerable.Range(0, 20))
        {
            new PyPiProject(bed.Server, $"p{i}").Add("1");
        }

        Recorder recorder = new();
        await bed.RunAsync("# list\n" + string.Join('\n', Enumerable.Range(0, 20).Select(i => $"pypi:p{i}")) + "\nnope:x\npypi:\n{\"loader\":\"archive\"}\n", recorder);
        Assert.Equal(20, recorder.Ended.Count(ended => ended.Report.Outcome == Outcome.New));
        Assert.Equal([22, 23, 24], recorder.Rejected.Select(one => one.Line));
    }

    [Fact]
    public async Task A_version_with_a_space_has_its_branch_and_one_with_a_line_feed_fails_alone()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        byte[] archive = Packing.TarGz(("p/PKG-INFO", "Version: 1\n"));
        project.Add("1\n2", archive: archive, fileName: "a.tar.gz");
        project.Add("1 beta", archive: archive, fileName: "b.tar.gz");
        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((VisitStatus.Partial, 1), (load.Status, load.Loaded));
        Assert.Contains("HEAD -> releases/1 beta", await bed.BranchesAsync(report.Snapshot));
    }
}
