using System.Collections.Concurrent;

namespace Actors.Git.Packs.Compression;

/// <summary>
/// Inflates zlib streams (RFC 1950) and tells how much input each took, which <see cref="System.IO.Compression.ZLibStream"/>
/// cannot: pack entries follow one another without a length. One virtual call for each span of bytes, none for each byte.
/// Not safe for two threads at once; rent one a thread.
/// </summary>
internal abstract unsafe class Inflater : IDisposable
{
    /// <summary>Each holds about 40 KB; more threads than this at once make new ones.</summary>
    private const int PooledMax = 64;

    /// <summary>Bytes of room behind the output: zlib's fast loop runs only while 258 and more are left, so small entries gain most.</summary>
    public const int Slack = 320;

    private static readonly ConcurrentQueue<Inflater> Pool = new();

    /// <summary>A pooled one, ready for the start of a stream.</summary>
    public static Inflater Rent()
    {
        if (!Pool.TryDequeue(out Inflater? inflater))
        {
            return ZlibLibrary.Current.CreateInflater();
        }

        inflater.Reset();
        return inflater;
    }

    /// <summary>Gives a rented one back, whatever its state.</summary>
    public static void Return(Inflater inflater)
    {
        if (Pool.Count < PooledMax)
        {
            Pool.Enqueue(inflater);
        }
        else
        {
            inflater.Dispose();
        }
    }

    /// <summary>Forgets the stream begun; the next byte is the first of a new one.</summary>
    public abstract void Reset();

    /// <summary>Inflates until input, output or stream ends; moves both pointers on.</summary>
    /// <param name="input">Next byte to read.</param>
    /// <param name="inputEnd">End of what may be read.</param>
    /// <param name="output">Next byte to write.</param>
    /// <param name="outputEnd">End of the room.</param>
    /// <param name="whole">All input and room for all output are given: zlib then keeps no window for later calls.</param>
    public abstract InflateStatus Inflate(ref byte* input, byte* inputEnd, ref byte* output, byte* outputEnd, bool whole);

    /// <summary>Inflates one whole stream whose inflated size is known, all of it in memory.</summary>
    /// <param name="input">First byte of the stream.</param>
    /// <param name="inputEnd">End of what may be read.</param>
    /// <param name="output">Room for <paramref name="size"/> bytes and <see cref="Slack"/> more, which are scribbled on.</param>
    /// <param name="size">The size announced.</param>
    /// <param name="used">Bytes of input taken, when the answer is <see cref="InflateStatus.End"/>.</param>
    /// <returns><see cref="InflateStatus.More"/>: the input ended first. <see cref="InflateStatus.Damaged"/>: also when the size is another.</returns>
    public InflateStatus InflateWhole(byte* input, byte* inputEnd, byte* output, long size, out long used)
    {
        Reset();
        byte* from = input;
        byte* to = output;
        byte* end = output + size;
        while (true)
        {
            byte* before = from;
            byte* beforeTo = to;
            InflateStatus status = Inflate(ref from, inputEnd, ref to, end + Slack, whole: true);
            used = from - input;
            if (to > end)
            {
                return InflateStatus.Damaged;
            }

            if (status != InflateStatus.More)
            {
                return status == InflateStatus.End && to == end ? InflateStatus.End : InflateStatus.Damaged;
            }

            if (from == inputEnd)
            {
                return InflateStatus.More;
            }

            if (from == before && to == beforeTo)
            {
                return InflateStatus.Damaged;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the native state.</summary>
    protected abstract void Dispose(bool disposing);
}
