using Actors.Loaders.Loads;
using Actors.Loaders.Objects;
using Actors.Loaders.Tests.Loads;
using Actors.Store.Heads;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Loaders.Tests.Recorded;

/// <summary>The story of Software Heritage's tutorial, "Making your loader incremental", with the answers of the real services.</summary>
public sealed class TutorialTests
{
    [Theory]
    [InlineData(Era.Revision, "ba6e158ada75d0b3cfb209ffdf6daa4ed34a227a", "2e5149a7b0725d18231a37b342e9b7c4e121f283")]
    [InlineData(Era.Release, "3dd50c1a0e48a7625cf1427e3190a65b787c774e", "77febe6ff0faf6cc00dd015a6c9763579a9fb6c7")]
    public async Task A_project_is_loaded_then_unchanged_then_gets_a_release(Era era, string first, string third)
    {
        await using LoadBed bed = new(era) { Registry = new Uri("https://pypi.org/") };
        RecordedAnswers.Play(bed, "pypi");
        int release = era == Era.Revision ? 1 : 4;

        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:0805nexter");
        Assert.Equal(Outcome.New, report.Outcome);
        Assert.Equal(first, report.Snapshot.ToString());
        Assert.Equal((VisitStatus.Full, true, 2), (load.Status, load.IsEventful, load.Downloads));
        Assert.Equal((6, 4, 2), (bed.Totals[3], bed.Totals[2], bed.Totals[release]));

        // The same answer: one request, nothing parsed, nothing fetched.
        (report, load) = await bed.VisitAsync("pypi:0805nexter");
        Assert.Equal(Outcome.Unchanged, report.Outcome);
        Assert.Equal(first, report.Snapshot.ToString());
        Assert.Equal((VisitStatus.Full, false, 0), (load.Status, load.IsEventful, load.Downloads));
        Assert.Equal(4, bed.Server.Asked.Count);

        RecordedAnswers.Play(bed, "pypi", "_visit1");
        (report, load) = await bed.VisitAsync("pypi:0805nexter");
        Assert.Equal(Outcome.Updated, report.Outcome);
        Assert.Equal(third, report.Snapshot.ToString());
        Assert.Equal((VisitStatus.Full, true, 1), (load.Status, load.IsEventful, load.Downloads));
        Assert.Equal((7, 6, 3), (bed.Totals[3], bed.Totals[2], bed.Totals[release]));
        Assert.Equal(3, bed.Server.Asked.Count(path => path.EndsWith(".zip", StringComparison.Ordinal)));
    }

    /// <summary>One of two artifacts is gone: a partial visit with what there is; of none, one without branches.</summary>
    [Fact]
    public async Task A_project_whose_artifacts_are_gone_has_the_ids_of_the_archive()
    {
        await using LoadBed bed = new(Era.Release) { Registry = new Uri("https://pypi.org/") };
        RecordedAnswers.Play(bed, "pypi");
        Func<string, byte[]?> recorded = bed.Server.Otherwise!;
        bed.Server.Otherwise = path => path.EndsWith(".zip", StringComparison.Ordinal) ? null : recorded(path);
        (SyncReport report, LoadReport load) = await bed.VisitAsync("pypi:0805nexter");
        Assert.Equal("1a8893e6a86f444e8be8e7bda6cb34fb1735a00e", report.Snapshot.ToString());
        Assert.Equal((VisitStatus.Partial, false, 0), (load.Status, load.IsEventful, load.Contents));
        bed.Server.Otherwise = path => path.EndsWith("1.1.0.zip", StringComparison.Ordinal) ? null : recorded(path);
        (report, load) = await bed.VisitAsync("pypi:0805nexter");
        Assert.Equal("00785a38479abe5fbfa402df96be26d2ddf89c97", report.Snapshot.ToString());
        Assert.Equal((VisitStatus.Partial, true, 3, 2, 1), (load.Status, load.IsEventful, load.Contents, load.Directories, load.Tags));
    }

    [Theory]
    [InlineData(Era.Revision, "d0587e1195aed5a8800411a008f2f2d627f18e2d")]
    [InlineData(Era.Release, "0996ca28d6280499abcf485b51c4e3941b057249")]
    public async Task An_npm_package_has_the_ids_of_the_archive(Era era, string snapshot)
    {
        await using LoadBed bed = new(era) { Registry = new Uri("https://replicate.example.org/") };
        RecordedAnswers.Play(bed, "npm");
        (SyncReport report, LoadReport load) = await bed.VisitAsync("npm:org");
        Assert.Equal(snapshot, report.Snapshot.ToString());
        Assert.Equal((VisitStatus.Full, 3, 28, 18), (load.Status, load.Loaded, load.Contents, load.Directories));
    }

    [Theory]
    [InlineData(Era.Revision, "c419397fd912039825ebdbea378bc6283f006bf5")]
    [InlineData(Era.Release, "9efecc835e8f99254934f256b5301b94f348fd17")]
    public async Task A_GNU_archive_has_the_ids_of_the_archive(Era era, string snapshot)
    {
        await using LoadBed bed = new(era);
        RecordedAnswers.Play(bed, "archive");
        (SyncReport report, LoadReport load) = await bed.VisitAsync(
            """{"loader":"archive","origin":"https://ftp.gnu.org/gnu/8sync/","artifacts":[{"time":944729610,"url":"https://ftp.gnu.org/gnu/8sync/8sync-0.1.0.tar.gz","length":221837,"filename":"8sync-0.1.0.tar.gz","version":"0.1.0"}]}""");
        Assert.Equal(snapshot, report.Snapshot.ToString());
        Assert.Equal((VisitStatus.Full, 1, 28, 7), (load.Status, load.Loaded, load.Contents, load.Directories));
        Store.ExtIds.ExtId id = Store.ExtIds.ExtId.Parse("package-manifest-sha256:554de5cbdf0761b426ff22b00e327a47f9e4985bd8e1ff26ed4147f2a0cade0d");
        Assert.Equal(await bed.TargetAsync(report.Snapshot, "releases/0.1.0"), (await bed.ExtIds.FindAsync([id], CancellationToken.None))[0].Single().Target);
    }

    [Theory]
    [InlineData(Era.Revision, "3b6b66e6ee4e7d903a379a882684a2a50480c0b4")]
    [InlineData(Era.Release, "9033c04b5f77a19e44031a61c175e9c2f760c75a")]
    public async Task A_Debian_package_of_format_1_has_the_ids_of_the_archive(Era era, string snapshot)
    {
        await using LoadBed bed = new(era);
        RecordedAnswers.Play(bed, "debian");
        (SyncReport report, LoadReport load) = await bed.VisitAsync(RecordedAnswers.DebianOrigin("stretch/contrib", "cicero", "0.7.2-3"));
        Assert.Empty(load.Failures);
        Assert.Equal(snapshot, report.Snapshot.ToString());
        Assert.Equal((VisitStatus.Full, 1, 42, 2), (load.Status, load.Loaded, load.Contents, load.Directories));
    }
}
