using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
        ref uint word = ref MemoryMarshal.GetReference(words[..Sha1Block.Steps]);
        ref Vector256<uint> difference = ref MemoryMarshal.GetArrayDataReference(_differences);
        int step = Step;
        for (; step < 60; step++)
        {
            Take(ref a, ref b, ref c, ref d, ref e, (b & c) | (d & (b | c)), Word(ref word, ref difference, step) + Vector256.Create(0x8f1bbcdc));
        }

        for (; step < Sha1Block.Steps; step++)
        {
            Take(ref a, ref b, ref c, ref d, ref e, b ^ c ^ d, Word(ref word, ref difference, step) + Vector256.Create(0xca62c1d6));
        }

        (state.A, state.B, state.C, state.D, state.E) = (a, b, c, d, e);
    }

    private void Backward(ref VectorState state, ReadOnlySpan<uint> words)
    {
        (Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, Vector256<uint> e) = (state.A, state.B, state.C, state.D, state.E);
        ref uint word = ref MemoryMarshal.GetReference(words[..Sha1Block.Steps]);
        ref Vector256<uint> difference = ref MemoryMarshal.GetArrayDataReference(_differences);
        int step = Step - 1;
        for (; step >= 60; step--)
        {
            Vector256<uint> second = RotateLeft(c, 2);
            Undo(ref a, ref b, ref c, ref d, ref e, second, second ^ d ^ e, Word(ref word, ref difference, step) + Vector256.Create(0xca62c1d6));
        }

        for (; step >= 40; step--)
        {
            Vector256<uint> second = RotateLeft(c, 2);
            Undo(ref a, ref b, ref c, ref d, ref e, second, (second & d) | (e & (second | d)), Word(ref word, ref difference, step) + Vector256.Create(0x8f1bbcdc));
        }

        for (; step >= 20; step--)
        {
            Vector256<uint> second = RotateLeft(c, 2);
            Undo(ref a, ref b, ref c, ref d, ref e, second, second ^ d ^ e, Word(ref word, ref difference, step) + Vector256.Create(0x6ed9eba1u));
        }

        for (; step >= 0; step--)
        {
            Vector256<uint> second = RotateLeft(c, 2);
            Undo(ref a, ref b, ref c, ref d, ref e, second, e ^ (second & (d ^ e)), Word(ref word, ref difference, step) + Vector256.Create(0x5a827999u));
        }

        (state.A, state.B, state.C, state.D, state.E) = (a, b, c, d, e);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(
        ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d, ref Vector256<uint> e, Vector256<uint> f, Vector256<uint> word)
    {
        Vector256<uint> next = RotateLeft(a, 5) + (f + (e + word));
        e = d;
        d = c;
        c = RotateLeft(b, 30);
        b = a;
        a = next;
    }

    /// <summary>One step back; <paramref name="second"/> and <paramref name="f"/> are as they were before the step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Undo(
        ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d, ref Vector256<uint> e,
        Vector256<uint> second, Vector256<uint> f, Vector256<uint> word)
    {
        Vector256<uint> last = a - RotateLeft(b, 5) - (f + word);
        a = b;
        b = second;
        c = d;
        d = e;
        e = last;
    }

    /// <summary>The second half's message word; both arrays have 80.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Word(ref uint words, ref Vector256<uint> differences, int step) =>
        Vector256.Create(Unsafe.Add(ref words, step)) ^ Unsafe.Add(ref differences, step);

    /// <summary>One instruction where there are rotations of vectors, else three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateLeft(Vector256<uint> value, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(value, bits) : (value << bits) | (value >>> (32 - bits));

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
