using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Actors.Git.Objects.Collisions;

/// <summary>
/// Looks whether a block is one half of a collision: for eight disturbance vectors at once, the block that an attack would
/// have made beside this one is computed, from the step where both have the same state back to the chaining value before
/// and on to the one after. When the latter is ours, two different messages have one SHA-1, and only an attack makes that.
/// Nothing is left out by a pre-filter: vector registers make all 32 cheap enough.
/// </summary>
internal sealed class SecondHalves
{
    /// <summary>Vectors looked at together.</summary>
    public const int Lanes = 8;

    private readonly Vector256<uint>[] _differences = new Vector256<uint>[Sha1Block.Steps];

    private SecondHalves(int step, ReadOnlySpan<DisturbanceVector> vectors)
    {
        Step = step;
        Span<uint> lanes = stackalloc uint[Lanes];
        uint[][] differences = [.. vectors.ToArray().Select(vector => vector.MessageDifferences())];
        for (int word = 0; word < Sha1Block.Steps; word++)
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                lanes[lane] = differences[lane][word];
            }

            _differences[word] = Vector256.Create<uint>(lanes);
        }
    }

    /// <summary>All 32 vectors in four groups, in order of their step.</summary>
    public static SecondHalves[] Groups { get; } = [.. DisturbanceVector.All.Chunk(Lanes).Select(Group)];

    /// <summary>Before this step both halves have the same state.</summary>
    public int Step { get; }

    /// <summary>True when this block and the second half of any of the vectors give the same chaining value.</summary>
    /// <param name="words">The block's expanded message.</param>
    /// <param name="middle">Its state before <see cref="Step"/>.</param>
    /// <param name="after">The chaining value after it.</param>
    public bool Collide(ReadOnlySpan<uint> words, ReadOnlySpan<uint> middle, ReadOnlySpan<uint> after)
    {
        VectorState before = StateOf(middle);
        VectorState end = before;
        Backward(ref before, words);
        Forward(ref end, words);
        Vector256<uint> differs = (before.A + end.A) ^ Vector256.Create(after[0]);
        differs |= (before.B + end.B) ^ Vector256.Create(after[1]);
        differs |= (before.C + end.C) ^ Vector256.Create(after[2]);
        differs |= (before.D + end.D) ^ Vector256.Create(after[3]);
        differs |= (before.E + end.E) ^ Vector256.Create(after[4]);
        return Vector256.EqualsAny(differs, Vector256<uint>.Zero);
    }

    /// <summary>The second half's chaining values before and after its block, for one lane. For tests.</summary>
    internal (uint[] Before, uint[] After) Recompress(int lane, ReadOnlySpan<uint> words, ReadOnlySpan<uint> middle)
    {
        VectorState before = StateOf(middle);
        VectorState end = before;
        Backward(ref before, words);
        Forward(ref end, words);
        return (
            [before.A[lane], before.B[lane], before.C[lane], before.D[lane], before.E[lane]],
            [before.A[lane] + end.A[lane], before.B[lane] + end.B[lane], before.C[lane] + end.C[lane], before.D[lane] + end.D[lane], before.E[lane] + end.E[lane]]);
    }

    private static SecondHalves Group(DisturbanceVector[] vectors)
    {
        int step = Enumerable.Range(0, Sha1Block.Steps).First(step => Array.TrueForAll(vectors, vector => vector.HasEqualStatesBefore(step)));
        return new SecondHalves(step, vectors);
    }

    private static VectorState StateOf(ReadOnlySpan<uint> state) => new()
    {
        A = Vector256.Create(state[0]),
        B = Vector256.Create(state[1]),
        C = Vector256.Create(state[2]),
        D = Vector256.Create(state[3]),
        E = Vector256.Create(state[4]),
    };

    private void Forward(ref VectorState state, ReadOnlySpan<uint> words)
    {
        (Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, Vector256<uint> e) = (state.A, state.B, state.C, state.D, state.E);
        for (int step = Step; step < Sha1Block.Steps; step++)
        {
            Vector256<uint> f = step < 60 ? (b & c) | (d & (b | c)) : b ^ c ^ d;
            Vector256<uint> next = RotateLeft(a, 5) + f + e + Word(words, step);
            e = d;
            d = c;
            c = RotateLeft(b, 30);
            b = a;
            a = next;
        }

        (state.A, state.B, state.C, state.D, state.E) = (a, b, c, d, e);
    }

    private void Backward(ref VectorState state, ReadOnlySpan<uint> words)
    {
        (Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, Vector256<uint> e) = (state.A, state.B, state.C, state.D, state.E);
        int step = Step - 1;
        for (; step >= 60; step--)
        {
            Undo(ref a, ref b, ref c, ref d, ref e, RotateLeft(c, 2) ^ d ^ e, Word(words, step));
        }

        for (; step >= 40; step--)
        {
            Vector256<uint> second = RotateLeft(c, 2);
            Undo(ref a, ref b, ref c, ref d, ref e, (second & d) | (e & (second | d)), Word(words, step));
        }

        for (; step >= 20; step--)
        {
            Undo(ref a, ref b, ref c, ref d, ref e, RotateLeft(c, 2) ^ d ^ e, Word(words, step));
        }

        for (; step >= 0; step--)
        {
            Undo(ref a, ref b, ref c, ref d, ref e, e ^ (RotateLeft(c, 2) & (d ^ e)), Word(words, step));
        }

        (state.A, state.B, state.C, state.D, state.E) = (a, b, c, d, e);
    }

    /// <summary>One step back; <paramref name="f"/> is of the words as they were before the step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Undo(
        ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d, ref Vector256<uint> e, Vector256<uint> f, Vector256<uint> word)
    {
        Vector256<uint> last = a - RotateLeft(b, 5) - f - word;
        a = b;
        b = RotateLeft(c, 2);
        c = d;
        d = e;
        e = last;
    }

    /// <summary>The second half's message word and the step's constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<uint> Word(ReadOnlySpan<uint> words, int step) =>
        (Vector256.Create(words[step]) ^ _differences[step]) + Vector256.Create(Sha1Block.Constant(step));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateLeft(Vector256<uint> value, int bits) => (value << bits) | (value >>> (32 - bits));

    /// <summary>Eight working states.</summary>
    private struct VectorState
    {
        public Vector256<uint> A;
        public Vector256<uint> B;
        public Vector256<uint> C;
        public Vector256<uint> D;
        public Vector256<uint> E;
    }
}
