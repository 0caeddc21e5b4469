using System.Text;
using Actors.Loaders.Loads;
using Actors.Loaders.Objects;
using Actors.Loaders.Tests.Archives;
using Actors.Store.Heads;
using Actors.Sync.Repositories;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Loaders.Tests.Loads;

/// <summary>What registries and file hosts say of their answers: names of them, and how they are packed.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("ETag: \"one\"", "If-None-Match: \"one\"")]
    [InlineData("ETag: W/\"one\"", "If-None-Match: W/\"one\"")]
    [InlineData("Date: Tue, 02 Jan 2024 00:01:00 GMT|Last-Modified: Tue, 02 Jan 2024 00:00:00 GMT", "If-Modified-Since: Tue, 02 Jan 2024 00:00:00 GMT")]
    public async Task A_registry_that_names_its_answer_is_asked_whether_it_is_still_the_same(string named, string asked)
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        byte[] body = bed.Server.Body(project.ListingPath);
        bed.Server.PutRaw(project.ListingPath, HttpAnswer.Of(body, headers: named.Split('|')));
        (SyncReport first, _) = await bed.VisitAsync("pypi:p");
        Assert.DoesNotContain("\r\nIf-", bed.Server.Heads[0], StringComparison.Ordinal);
        bed.Server.PutRaw(project.ListingPath, HttpAnswer.Head(304));
        (SyncReport second, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Contains($"\r\n{asked}\r\n", bed.Server.Heads[^1], StringComparison.Ordinal);
        Assert.Equal((Outcome.Unchanged, first.Snapshot, VisitStatus.Full, false, 0L), (second.Outcome, second.Snapshot, load.Status, load.IsEventful, second.BytesReceived));
        // The other era wants the bytes, and so does a change.
        project.Add("2");
        (SyncReport third, _) = await bed.VisitAsync("pypi:p");
        Assert.Equal(Outcome.Updated, third.Outcome);
        Assert.Contains($"\r\n{asked}\r\n", bed.Server.Heads.Last(head => head.Contains(project.ListingPath, StringComparison.Ordinal)), StringComparison.Ordinal);
        await bed.VisitAsync("pypi:p");
        // The third answer had no name.
        Assert.DoesNotContain("\r\nIf-", bed.Server.Heads[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Date: Tue, 02 Jan 2024 00:00:10 GMT|Last-Modified: Tue, 02 Jan 2024 00:00:00 GMT")]
    [InlineData("Last-Modified: Tue, 02 Jan 2024 00:00:00 GMT")]
    [InlineData("ETag: one")]
    public async Task A_name_that_cannot_be_relied_on_is_none(string named)
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        bed.Server.PutRaw(project.ListingPath, HttpAnswer.Of(bed.Server.Body(project.ListingPath), headers: named.Split('|')));
        await bed.VisitAsync("pypi:p");
        await bed.VisitAsync("pypi:p");
        Assert.DoesNotContain("\r\nIf-", bed.Server.Heads[^1], StringComparison.Ordinal);
    }

    /// <summary>A failed release is to be tried again, though the registry says the same; and the other era has other objects.</summary>
    [Fact]
    public async Task Only_the_answer_of_a_full_visit_of_the_same_era_is_relied_on()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        project.Add("1");
        project.Add("2", sha256: new string('0', 64));
        bed.Server.PutRaw(project.ListingPath, HttpAnswer.Of(bed.Server.Body(project.ListingPath), headers: "ETag: \"one\""));
        await bed.VisitAsync("pypi:p");
        await bed.VisitAsync("pypi:p");
        project.Remove("2");
        bed.Server.PutRaw(project.ListingPath, HttpAnswer.Of(bed.Server.Body(project.ListingPath), headers: "ETag: \"two\""));
        await bed.VisitAsync("pypi:p");
        bed.Era = Era.Release;
        await bed.VisitAsync("pypi:p");
        Assert.All(bed.Server.Heads, head => Assert.DoesNotContain("\r\nIf-", head, StringComparison.Ordinal));
        bed.Era = Era.Revision;
        await bed.VisitAsync("pypi:p");
        Assert.DoesNotContain("\r\nIf-", bed.Server.Heads[^1], StringComparison.Ordinal);
    }

    /// <summary>Servers that take an archive's own gzip for an encoding say so; what was announced are the bytes as they came.</summary>
    [Fact]
    public async Task A_file_is_taken_as_it_came_whatever_its_encoding_is_said_to_be()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        string tarGz = project.Add("1"), plain = project.Add("2", archive: Packing.Tar(("p/PKG-INFO", "Metadata-Version: 1.0\n")), fileName: "p-2.tar.gz");
        foreach (string path in (string[])[tarGz, plain])
        {
            bed.Server.PutRaw(path, HttpAnswer.Of(bed.Server.Body(path), headers: "Content-Encoding: gzip"));
        }

        (_, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((VisitStatus.Full, 2, 3), (load.Status, load.Loaded, bed.Server.Asked.Count));
        Assert.All(bed.Server.Heads.Skip(1), head => Assert.Contains("\r\nAccept-Encoding: identity\r\n", head, StringComparison.Ordinal));
    }

    /// <summary>A server that packs what it was asked not to pack.</summary>
    [Fact]
    public async Task A_file_that_was_packed_once_more_is_fetched_again_and_unpacked()
    {
        await using LoadBed bed = new();
        PyPiProject project = new(bed.Server, "p");
        string path = project.Add("1", archive: Packing.Zip(("p/PKG-INFO", "Metadata-Version: 1.0\n")));
        bed.Server.PutRaw(path, HttpAnswer.Of(Packing.Gzip(bed.Server.Body(path)), headers: "Content-Encoding: gzip"));
        (_, LoadReport load) = await bed.VisitAsync("pypi:p");
        Assert.Equal((VisitStatus.Full, 1, 1, 3), (load.Status, load.Loaded, load.Downloads, bed.Server.Asked.Count));
        bed.Server.PutRaw(path, HttpAnswer.Of(Encoding.ASCII.GetBytes("nothing of the kind"), headers: "Content-Encoding: gzip"));
        project.Remove("1");
        project.Add("2", archive: Packing.Zip(("p/PKG-INFO", "")), fileName: "p-1.tar.gz");
        bed.Server.PutRaw(path, HttpAnswer.Of(Encoding.ASCII.GetBytes("nothing of the kind"), headers: "Content-Encoding: gzip"));
        (_, load) = await bed.VisitAsync("pypi:p");
        Assert.Single(load.Failures);
    }
}
