using System.Numerics;
using Actors.Git.Objects.Collisions;
using Xunit;

namespace Actors.Git.Tests.Objects.Collisions;

public sealed class DisturbanceVectorTests
{
    private readonly Random _random = new(1);

    [Fact]
    public void There_are_32_different_vectors()
    {
        Assert.Equal(32, DisturbanceVector.All.Distinct().Count());
        Assert.Equal(32, DisturbanceVector.All.Select(vector => string.Join(',', vector.MessageDifferences())).Distinct().Count());
    }

    [Fact]
    public void Message_differences_are_expanded_messages_themselves()
    {
        foreach (DisturbanceVector vector in DisturbanceVector.All)
        {
            uint[] differences = vector.MessageDifferences();
            for (int i = 16; i < Sha1Block.Steps; i++)
            {
                Assert.Equal(BitOperations.RotateLeft(differences[i - 3] ^ differences[i - 8] ^ differences[i - 14] ^ differences[i - 16], 1), differences[i]);
            }
        }
    }

    [Fact]
    public void Groups_share_a_step_of_equal_states_and_are_in_its_order()
    {
        int group = 0;
        int last = 0;
        foreach (DisturbanceVector[] vectors in DisturbanceVector.All.Chunk(SecondHalves.Lanes))
        {
            int step = SecondHalves.Groups[group++].Step;
            Assert.All(vectors, vector => Assert.True(vector.HasEqualStatesBefore(step)));
            Assert.True(step > last);
            last = step;
        }
    }

    /// <summary>The second half, computed from the middle outwards, is what SHA-1 makes of the changed block from the changed chaining value.</summary>
    [Fact]
    public void Recompression_is_sha1_of_the_second_half()
    {
        uint[] words = new uint[Sha1Block.Steps];
        byte[] block = new byte[Sha1Block.Bytes];
        for (int group = 0; group < SecondHalves.Groups.Length; group++)
        {
            SecondHalves halves = SecondHalves.Groups[group];
            for (int lane = 0; lane < SecondHalves.Lanes; lane++)
            {
                _random.NextBytes(block);
                Sha1Block.Expand(block, words);
                uint[] middle = [.. Sha1Block.FirstState];
                Sha1Block.Forward(middle, words, 0, halves.Step);

                (uint[] before, uint[] after) = halves.Recompress(lane, words, middle);

                uint[] differences = DisturbanceVector.All[(group * SecondHalves.Lanes) + lane].MessageDifferences();
                uint[] changed = [.. words.Zip(differences, (word, difference) => word ^ difference)];
                uint[] state = [.. before];
                Sha1Block.Forward(state, changed, 0, halves.Step);
                Assert.Equal(middle, state);
                Sha1Block.Forward(state, changed, halves.Step, Sha1Block.Steps);
                Assert.Equal(after, state.Zip(before, (end, start) => end + start));
            }
        }
    }
}
