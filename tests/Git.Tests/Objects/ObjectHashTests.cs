using Actors.Git.Objects;
using Xunit;

namespace Actors.Git.Tests.Objects;

public sealed class ObjectHashTests
{
    [Theory]
    [InlineData(ObjectType.Blob, 0, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")]
    [InlineData(ObjectType.Tree, 0, "4b825dc642cb6eb9a060e54bf8d69288fbee4904")]
    [InlineData(ObjectType.Blob, 1, "f76dd238ade08917e6712764a16a22005a50573d")]
    public void Known_objects_have_their_known_ids(ObjectType type, int zeroes, string expected) =>
        Assert.Equal(expected, ObjectHash.Compute(type, new byte[zeroes]).ToString());

    [Theory]
    [InlineData(991)]
    [InlineData(992)]
    [InlineData(993)]
    [InlineData(100_000)]
    public unsafe void Both_ways_of_computing_agree(int length)
    {
        byte[] room = new byte[length + ObjectHash.HeaderLengthMax];
        new Random(length).NextBytes(room);
        Oid expected = ObjectHash.Compute(ObjectType.Commit, room.AsSpan(ObjectHash.HeaderLengthMax));
        fixed (byte* start = room)
        {
            Assert.Equal(expected, ObjectHash.ComputeInPlace(ObjectType.Commit, start + ObjectHash.HeaderLengthMax, length));
        }
    }
}
