using System.Text;
using Actors.Git.Lfs;
using Xunit;

namespace Actors.Git.Tests.Lfs;

public sealed class LfsPointerTests
{
    private const string Oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";

    // git-lfs, docs/spec.md: the example, and lfs/pointer_test.go's kinds of deviation.
    public static TheoryData<string> Accepted =>
    [
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 12345\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 12345",
        $"version https://git-lfs.github.com/spec/v1\r\noid sha256:{Oid}\r\nsize 12345\r\n",
        $"\n version https://git-lfs.github.com/spec/v1\n\noid sha256:{Oid}\n\nsize 12345\n\n\n",
        $"version https://hawser.github.com/spec/v1\noid sha256:{Oid}\nsize 12345\n",
        $"version http://git-media.io/v/2\noid sha256:{Oid}\nsize 12345\n",
    ];

    public static TheoryData<string> Refused =>
    [
        "",
        "version https://git-lfs.github.com/spec/v1",
        $"version https://git-lfs.github.com/spec/v2\noid sha256:{Oid}\nsize 12345\n",
        $"version https://git-lfs.github.com/spec/v1\nsize 12345\noid sha256:{Oid}\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\n" + new string(' ', 50),
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 12345\nwat wat\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 12345\nsize 1\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid[1..]}\nsize 12345\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}0\nsize 12345\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid.ToUpperInvariant()}\nsize 12345\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha1:{Oid}\nsize 12345\n",
        $"version https://git-lfs.github.com/spec/v1\noid {Oid}\nsize 12345\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize -1\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 99999999999999999999\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 1e3\n",
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize\n",
        $"version https://git-lfs.github.com/spec/v1\nexit-0-foo sha256:{Oid}\noid sha256:{Oid}\nsize 12345\n",
        $"ext-0-foo sha256:{Oid}\nversion https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 12345\n",
        $"# git-media\noid sha256:{Oid}\nsize 12345\n" + new string('#', 60),
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 12345\n{new string('\n', 1000)}",
    ];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void What_git_lfs_reads_as_a_pointer_is_one(string text)
    {
        Assert.True(LfsPointer.TryParse(Encoding.UTF8.GetBytes(text), out LfsPointer? pointer));
        Assert.Equal(new LfsObject(LfsOid.Parse(Oid), 12345), pointer.Object);
        Assert.Equal(((string)Accepted.First().Data), Encoding.UTF8.GetString(pointer.Encode()));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_git_lfs_reads_as_a_file_is_none(string text) => Assert.False(LfsPointer.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Bytes_that_are_no_text_are_none()
    {
        byte[] bytes = Encoding.UTF8.GetBytes((string)Accepted.First().Data);
        bytes[^3] = 0xff;
        Assert.False(LfsPointer.TryParse(bytes, out _));
        byte[] random = new byte[500];
        for (int seed = 0; seed < 100; seed++)
        {
            new Random(seed).NextBytes(random);
            Assert.False(LfsPointer.TryParse(random, out _));
        }
    }

    [Fact]
    public void Extensions_are_kept_and_written_in_order()
    {
        string text = $"version https://git-lfs.github.com/spec/v1\next-0-foo sha256:{Oid}\next-1-bar sha256:{Oid}\noid sha256:{Oid}\nsize 12345\n";
        Assert.True(LfsPointer.TryParse(Encoding.UTF8.GetBytes(text), out LfsPointer? pointer));
        Assert.Equal(["ext-0-foo", "ext-1-bar"], pointer.Extensions.Select(extension => extension.Key));
        Assert.Equal(text, Encoding.UTF8.GetString(pointer.Encode()));
    }

    [Fact]
    public void Oids_are_what_they_were_written_as()
    {
        LfsOid oid = LfsOid.Of("hello\n"u8);
        Assert.Equal("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03", oid.ToString());
        Assert.Equal(oid, LfsOid.Parse(oid.ToString()));
        Assert.Equal(new string('0', 64), default(LfsOid).ToString());
    }
}
