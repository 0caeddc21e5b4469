using System.IO.Compression;
using System.Text;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.WorldOfCode;
using Actors.TestKit;
using Xunit;

namespace Actors.Store.Tests.WorldOfCode;

public sealed class ObjectListWriterTests : IDisposable
{
    private const string One = "0100000000000000000000000000000000000001";
    private const string Two = "abcdef0000000000000000000000000000000002";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("new-objects")]
    [InlineData("new-objects.gz")]
    public async Task Lines_are_repository_type_and_oid(string name)
    {
        RepositoryUrl linux = RepositoryUrl.Parse("https://github.com/torvalds/linux.git");
        RepositoryUrl other = RepositoryUrl.Parse("https://gitlab.com/a/b/c");
        await using (ObjectListWriter writer = ObjectListWriter.Create(_folder[name]))
        {
            writer.Add(linux, Oid.Parse(One), ObjectType.Commit);
            writer.Add(linux, Oid.Parse(Two), ObjectType.Tree);
            writer.Add(other, Oid.Parse(One), ObjectType.Blob);
            writer.Add(linux, Oid.Parse(Two), ObjectType.Tag);
            Assert.Throws<ArgumentOutOfRangeException>(() => writer.Add(linux, Oid.Parse(Two), ObjectType.None));
        }

        string expected = $"torvalds_linux;commit;{One}\ntorvalds_linux;tree;{Two}\ngitlab.com_a_b/c;blob;{One}\ntorvalds_linux;tag;{Two}\n";
        byte[] bytes = await File.ReadAllBytesAsync(_folder[name]);
        Assert.Equal(expected, name.EndsWith(".gz", StringComparison.Ordinal) ? Unpacked(bytes) : Encoding.ASCII.GetString(bytes));
    }

    [Theory]
    [InlineData("https://github.com/a/b", "a_b")]
    [InlineData("https://github.com/a/b.git", "a_b")]
    [InlineData("https://github.com/a", "a")]
    [InlineData("ssh://git@github.com/a/b", "a_b")]
    [InlineData("https://bitbucket.org/a/b", "bitbucket.org_a_b")]
    [InlineData("https://git.kernel.org/pub/scm/x/y.git", "git.kernel.org_pub_scm/x/y")]
    [InlineData("https://host:8443/a;b/c", "host:8443_a%3Bb_c")]
    [InlineData("file:///srv/a/b", "localhost_srv_a/b")]
    public void Repositories_have_World_of_Codes_names(string url, string expected) =>
        Assert.Equal(expected, ObjectListWriter.RepositoryName(RepositoryUrl.Parse(url)));

    private static string Unpacked(byte[] bytes)
    {
        using StreamReader reader = new(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }
}
