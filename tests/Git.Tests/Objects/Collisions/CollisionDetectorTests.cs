using System.Security.Cryptography;
using Actors.Git.Objects;
using Actors.Git.Objects.Collisions;
using Xunit;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Git.Tests.Objects.Collisions;

public sealed class CollisionDetectorTests
{
    /// <summary>
    /// The first 320 bytes of both files of Stevens, Bursztein, Karpman, Albertini and Markov, "The first collision for full
    /// SHA-1" (2017), https://shattered.io: a common prefix of 192 bytes and two near-collision blocks, those of shattered-1.pdf.
    /// </summary>
    private const string ShatteredFirst =
        "255044462d312e330a25e2e3cfd30a0a0a312030206f626a0a3c3c2f57696474" +
        "682032203020522f4865696768742033203020522f547970652034203020522f" +
        "537562747970652035203020522f46696c7465722036203020522f436f6c6f72" +
        "53706163652037203020522f4c656e6774682038203020522f42697473506572" +
        "436f6d706f6e656e7420383e3e0a73747265616d0affd8fffe00245348412d31" +
        "20697320646561642121212121852fec092339759c39b1a1c63c4c97e1fffe01" +
        "7346dc9166b67e118f029ab621b2560ff9ca67cca8c7f85ba84c79030c2b3de2" +
        "18f86db3a90901d5df45c14f26fedfb3dc38e96ac22fe7bd728f0e45bce046d2" +
        "3c570feb141398bb552ef5a0a82be331fea48037b8b5d71f0e332edf93ac3500" +
        "eb4ddc0decc1a864790c782c76215660dd309791d06bd0af3f98cda4bc4629b1";

    private const int PrefixBytes = 192;

    private readonly Random _random = new(1);

    [Fact]
    public void Both_halves_of_the_published_collision_are_detected()
    {
        byte[] first = Convert.FromHexString(ShatteredFirst);
        byte[] second = SecondHalf(first);
        Assert.NotEqual(first, second);
        Assert.Equal(SHA1.HashData(first), SHA1.HashData(second));

        foreach (byte[] half in new[] { first, second })
        {
            Assert.True(IsDetected(half, out Oid oid));
            Assert.Equal("f92d74e3874587aaf443d1db961d4e26dde13e9c", oid.ToString());
            Assert.True(IsDetected([.. half, .. RandomBytes(1000)], out _));
        }
    }

    [Fact]
    public void The_first_block_of_a_collision_alone_is_none()
    {
        byte[] first = Convert.FromHexString(ShatteredFirst);
        Assert.False(IsDetected(first[..(PrefixBytes + Sha1Block.Bytes)], out _));
    }

    [Fact]
    public void Any_change_to_a_colliding_block_makes_it_an_ordinary_one()
    {
        byte[] first = Convert.FromHexString(ShatteredFirst);
        for (int bit = 8 * PrefixBytes; bit < 8 * first.Length; bit += 7)
        {
            byte[] changed = [.. first];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(IsDetected(changed, out _));
        }
    }

    [Fact]
    public void Behind_an_object_header_the_published_file_is_harmless()
    {
        // Why git repositories that carry the two files do not break: the header moves the blocks.
        Assert.False(CollisionDetector.Detects(ObjectType.Blob, Convert.FromHexString(ShatteredFirst)));
    }

    [Fact]
    public void Random_messages_are_not_detected_and_have_their_sha1()
    {
        for (int length = 0; length < 3000; length++)
        {
            byte[] message = RandomBytes(length);
            Assert.False(IsDetected(message, out Oid oid));
            Assert.Equal(Oid.FromBytes(SHA1.HashData(message)), oid);
        }
    }

    [Fact]
    public void Pieces_of_any_length_give_the_same_as_the_whole()
    {
        byte[] whole = [.. Convert.FromHexString(ShatteredFirst), .. RandomBytes(777)];
        for (int round = 0; round < 200; round++)
        {
            var detector = new CollisionDetector();
            int at = 0;
            while (at < whole.Length)
            {
                int piece = Math.Min(_random.Next(200), whole.Length - at);
                detector.Append(whole.AsSpan(at, piece));
                at += piece;
            }

            Assert.Equal(Oid.FromBytes(SHA1.HashData(whole)), detector.Finish());
            Assert.True(detector.IsDetected);
        }
    }

    [Theory]
    [InlineData(ObjectType.Blob, "", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")]
    [InlineData(ObjectType.Tree, "", "4b825dc642cb6eb9a060e54bf8d69288fbee4904")]
    public void An_object_is_hashed_with_its_header(ObjectType type, string content, string oid)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(content);
        var detector = new CollisionDetector(type, bytes.Length);
        detector.Append(bytes);
        Assert.Equal(oid, detector.Finish().ToString());
        Assert.False(detector.IsDetected);
    }

    /// <summary>What the other file has in the same place: the differences of II(52, 0), in both blocks.</summary>
    private static byte[] SecondHalf(byte[] first)
    {
        uint[] differences = new DisturbanceVector(IsSecondType: true, FirstStep: 52, Rotation: 0).MessageDifferences();
        byte[] second = [.. first];
        for (int i = 0; i < 2 * Sha1Block.Bytes; i++)
        {
            second[PrefixBytes + i] ^= (byte)(differences[i % Sha1Block.Bytes / 4] >> (24 - (8 * (i % 4))));
        }

        return second;
    }

    private static bool IsDetected(byte[] message, out Oid oid)
    {
        var detector = new CollisionDetector();
        detector.Append(message);
        oid = detector.Finish();
        return detector.IsDetected;
    }

    private byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }
}
