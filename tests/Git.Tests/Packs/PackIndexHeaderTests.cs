using Actors.Git.Objects;
using Actors.Git.Packs;
using Xunit;

namespace Actors.Git.Tests.Packs;

public sealed class PackIndexHeaderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(700)]
    public void Slices_of_all_widths_tile_the_oids_and_hold_what_begins_so(int count)
    {
        string path = Path.GetTempFileName();
        try
        {
            PackIndexEntry[] entries = [.. Enumerable.Range(0, count).Select(i => new PackIndexEntry(ObjectHash.Compute(ObjectType.Blob, [(byte)i, (byte)(i >> 8)]), (uint)i, 12 + (i * 50)))];
            File.Delete(path);
            PackIndexWriter.Write(path, entries, default, fsync: false);
            byte[] bytes = File.ReadAllBytes(path);
            PackIndexHeader header = PackIndexHeader.Read(bytes.AsSpan(0, PackIndexHeader.Bytes), bytes.Length);
            Assert.Equal(count, header.Count);
            for (int width = 1; width <= 256; width *= 2)
            {
                int next = 0;
                for (int first = 0; first < 256; first += width)
                {
                    (int position, int slice) = header.Slice(first, first + width);
                    Assert.Equal(next, position);
                    next += slice;
                    for (int i = position; i < next; i++)
                    {
                        Assert.InRange(bytes[PackIndexHeader.OffsetOf(i)], first, first + width - 1);
                    }
                }

                Assert.Equal(count, next);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_header_that_does_not_fit_the_length_of_its_file_is_refused()
    {
        byte[] bytes = new byte[PackIndexHeader.Bytes];
        new byte[] { 0xff, (byte)'t', (byte)'O', (byte)'c', 0, 0, 0, 2 }.CopyTo(bytes, 0);
        bytes[^1] = 3;
        Assert.Equal(3, PackIndexHeader.Read(bytes, bytes.Length + 40 + (3 * 28)).Count);
        Assert.Throws<GitFormatException>(() => PackIndexHeader.Read(bytes, bytes.Length + 40 + (3 * 28) - 1));
        Assert.Throws<GitFormatException>(() => PackIndexHeader.Read(bytes.AsSpan(1), bytes.Length + 40 + (3 * 28)));
    }
}
