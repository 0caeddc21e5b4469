using Actors.Git;
using Xunit;

namespace Actors.Fuzz;

public sealed class HarnessTests
{
    [Fact]
    public void A_fault_behind_a_word_of_the_dictionary_is_found()
    {
        PlantedFault target = new(input =>
        {
            if (input.AsSpan().IndexOf("PACK"u8) is > 0 and var at && at + 4 < input.Length && input[at + 4] > 128)
            {
                throw new InvalidCastException("planted");
            }

            throw new GitFormatException(GitFormatError.Pack, "refused");
        });
        Finding? finding = Fuzz(target, 100_000);
        Assert.IsType<InvalidCastException>(finding?.Cause);
        Assert.NotNull(new FuzzRun(target).Replay([finding!.Input]));
    }

    [Fact]
    public void A_length_that_is_believed_is_found()
    {
        PlantedFault target = new(input =>
        {
            if (input.AsSpan().StartsWith("ffff"u8))
            {
                GC.KeepAlive(new byte[8 << 20]);
            }
        });
        Assert.Contains("allocate", Fuzz(target, 100_000)?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sound_target_gives_no_finding()
    {
        FuzzRun run = new(new PlantedFault(_ => { }));
        Assert.Null(run.Mutate(["seed"u8.ToArray()], 1, tried => tried < 1000));
        Assert.Equal((1000L, 1), (run.Tried, run.Behaviours.Count));
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs_and_none_too_long()
    {
        byte[][] corpus = [new byte[200], "0009hello0000"u8.ToArray()];
        Mutator one = new(new Random(5), ["word"u8.ToArray()], 150);
        Mutator same = new(new Random(5), ["word"u8.ToArray()], 150);
        HashSet<string> different = [];
        for (int i = 0; i < 2000; i++)
        {
            byte[] input = one.Mutate(corpus);
            Assert.Equal(input, same.Mutate(corpus));
            Assert.InRange(input.Length, 0, 150);
            different.Add(Convert.ToHexString(input));
        }

        Assert.InRange(different.Count, 1500, 2000);
    }

    private static Finding? Fuzz(PlantedFault target, int iterations) => new FuzzRun(target).Mutate([.. target.Seeds], 1, tried => tried < iterations);
}
