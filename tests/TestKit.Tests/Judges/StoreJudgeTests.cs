using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Xunit;

namespace Actors.TestKit.Tests.Judges;

public sealed class StoreJudgeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly GitFixture _source;
    private readonly GitFixture _copy;
    private readonly StoreJudge _judge;

    public StoreJudgeTests()
    {
        GitCommand.Require(Assert.Skip);
        _source = new GitFixture(_folder["source.git"]).AddHistory(10).AddUnusualEntries().AddOddObjects().AddUnusualTags();
        _copy = _source.ForkTo(_folder["copy.git"]).Repack();
        _judge = new StoreJudge(Path.Combine(_copy.Folder, "objects"), _folder["judge"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_copy_is_accepted()
    {
        _judge.AssertHolds(_source);
        _judge.AssertClosed();
        StoreJudge.AssertSame(_source.Git, _copy.Git);
        Assert.Equal(_source.CountObjects(), _judge.ListObjects().Count);
    }

    [Fact]
    public void A_lacking_commit_is_found()
    {
        _source.AddHistory(1);
        Assert.Throws<GitFailedException>(() => _judge.AssertHolds(_source));
        _judge.AssertClosed();
    }

    [Theory]
    [InlineData("main:src")]
    [InlineData("main~3:src/part0/sub0/file0.txt")]
    [InlineData("main~5")]
    [InlineData("of-a-commit")]
    public void A_lacking_object_is_found_wherever_it_is(string revision)
    {
        Remove(_source.Oid(revision));
        Assert.ThrowsAny<Exception>(() => _judge.AssertHolds(_source));
        Assert.Throws<JudgementException>(_judge.AssertClosed);
    }

    [Fact]
    public void A_damaged_pack_is_found()
    {
        string pack = Assert.Single(Directory.GetFiles(Path.Combine(_copy.Folder, "objects", "pack"), "*.pack"));
        byte[] bytes = File.ReadAllBytes(pack);
        bytes[bytes.Length / 2] ^= 4;
        File.Delete(pack);
        File.WriteAllBytes(pack, bytes);
        Assert.Throws<JudgementException>(_judge.AssertClosed);
    }

    [Fact]
    public void Other_refs_are_told_from_the_same_ones()
    {
        _copy.SetRef("further", "main~1");
        Assert.Throws<JudgementException>(() => StoreJudge.AssertSame(_source.Git, _copy.Git));
    }

    /// <summary>Packs all objects of the copy but one.</summary>
    private void Remove(string oid)
    {
        IEnumerable<string> rest = _judge.ListObjects().Where(other => other != oid);
        GitFixture lacking = new(_folder["lacking.git"]);
        string name = Path.Combine(lacking.Folder, "objects", "pack", "pack");
        File.WriteAllText(Path.Combine(lacking.Folder, "objects", "info", "alternates"), Path.Combine(_copy.Folder, "objects") + "\n");
        lacking.Git.RunWith(string.Join('\n', rest) + "\n", "pack-objects", "-q", name);
        Directory.Delete(Path.Combine(_copy.Folder, "objects", "pack"), recursive: true);
        Directory.Move(Path.Combine(lacking.Folder, "objects", "pack"), Path.Combine(_copy.Folder, "objects", "pack"));
    }
}
