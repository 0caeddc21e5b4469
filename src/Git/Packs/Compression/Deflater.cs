namespace Actors.Git.Packs.Compression;

/// <summary>Deflates into zlib streams (RFC 1950), one after the other, with one native state. Not safe for two threads at once.</summary>
internal abstract unsafe class Deflater : IDisposable
{
    /// <summary>Forgets the stream begun.</summary>
    public abstract void Reset();

    /// <summary>Deflates and finishes; moves both pointers on. True when the stream is complete, false when more room is needed.</summary>
    public abstract bool Deflate(ref byte* input, byte* inputEnd, ref byte* output, byte* outputEnd);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the native state.</summary>
    protected abstract void Dispose(bool disposing);
}
