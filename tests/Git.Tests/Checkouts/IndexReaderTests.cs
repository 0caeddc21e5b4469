using Actors.Git.Checkouts;
using Actors.Git.Objects;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Git.Tests.Checkouts;

public sealed class IndexReaderTests
{
    [Fact]
    public void What_was_written_is_read_again()
    {
        byte[] index = Written();
        IReadOnlyList<IndexEntry> read = Assert.IsAssignableFrom<IReadOnlyList<IndexEntry>>(IndexReader.Read(index));

        Assert.Equal(["a", "folder/a rather longer name", "left", "z"], read.Select(entry => System.Text.Encoding.UTF8.GetString(entry.Path.Span)));
        Assert.Equal([false, false, true, false], read.Select(entry => entry.Left));
        Assert.Equal(Entries().Select(entry => (entry.Kind, entry.Oid, entry.Stat)), read.Select(entry => (entry.Kind, entry.Oid, entry.Stat)));
        Assert.Equal(index, IndexWriter.Write(read, null));
    }

    [Fact]
    public void Gits_own_index_is_read()
    {
        GitCommand.Require(Assert.Skip);
        using TemporaryFolder folder = new();
        GitFixture fixture = new(folder["one.git"]);
        fixture.AddHistory(3);
        GitCommand clone = new(folder.FullPath);
        clone.Run("clone", "-q", fixture.Folder, "clone");
        clone = new GitCommand(folder["clone"]);

        IReadOnlyList<IndexEntry> read = IndexReader.Read(File.ReadAllBytes(folder["clone", ".git", "index"]))!;

        Assert.Equal(
            clone.Lines("ls-files", "-s").Select(line => line.Split(' ', '\t') is [_, var oid, _, var path] ? (oid, path) : default),
            read.Select(entry => (entry.Oid.ToString(), System.Text.Encoding.UTF8.GetString(entry.Path.Span))));
        Assert.All(read, entry => Assert.Equal(new FileInfo(Path.Combine(clone.Folder, System.Text.Encoding.UTF8.GetString(entry.Path.Span))).Length, entry.Stat.Size));
        clone.Run("update-index", "--index-version", "4");
        Assert.Null(IndexReader.Read(File.ReadAllBytes(folder["clone", ".git", "index"])));
    }

    [Fact]
    public void Any_damage_is_refused()
    {
        byte[] index = Written();
        for (int length = 0; length < index.Length; length++)
        {
            Assert.Throws<GitFormatException>(() => IndexReader.Read(index.AsMemory(0, length)));
        }

        for (int at = 0; at < index.Length; at++)
        {
            byte[] damaged = [.. index];
            damaged[at] ^= 0x40;
            Assert.Throws<GitFormatException>(() => IndexReader.Read(damaged));
        }
    }

    [Fact]
    public void Without_a_checksum_lengths_are_still_checked()
    {
        byte[] index = Written();
        index.AsSpan(index.Length - 20).Clear();
        Assert.NotNull(IndexReader.Read(index));
        for (int at = 0; at < index.Length - 20; at++)
        {
            byte[] damaged = [.. index];
            damaged[at] = 0xff;
            try
            {
                _ = IndexReader.Read(damaged);
            }
            catch (GitFormatException)
            {
                // Refused, or read as something else: nothing else comes out.
            }
        }
    }

    private static IndexEntry[] Entries()
    {
        FileStat stat = new() { ChangedSeconds = 1, ChangedNanoseconds = 2, ModifiedSeconds = 3, ModifiedNanoseconds = 4, Device = 5, Inode = 6, User = 7, Group = 8, Size = 9 };
        var oid = Oid.Parse("0123456789abcdef0123456789abcdef01234567");
        return
        [
            new IndexEntry("a"u8.ToArray(), TreeItem.File, oid, stat, false),
            new IndexEntry("folder/a rather longer name"u8.ToArray(), TreeItem.Program, oid, stat, false),
            new IndexEntry("left"u8.ToArray(), TreeItem.File, oid, default, true),
            new IndexEntry("z"u8.ToArray(), TreeItem.Link, oid, stat, false),
        ];
    }

    private static byte[] Written() => IndexWriter.Write(Entries(), null);
}
