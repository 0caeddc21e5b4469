using System.Runtime.InteropServices;

namespace Actors.Git.Packs.Compression;

/// <summary>The system's zlib, when the runtime's cannot be used. Its init functions take version and structure size, as the macros of zlib.h pass them.</summary>
internal sealed unsafe class Libz : ZlibLibrary
{
    private readonly delegate* unmanaged<LibzStream*, int, byte*, int, int> _inflateInit;
    private readonly delegate* unmanaged<LibzStream*, int, int> _inflate;
    private readonly delegate* unmanaged<LibzStream*, int, int> _inflateReset;
    private readonly delegate* unmanaged<LibzStream*, int> _inflateEnd;
    private readonly delegate* unmanaged<LibzStream*, int, int, int, int, int, byte*, int, int> _deflateInit;
    private readonly delegate* unmanaged<LibzStream*, int, int> _deflate;
    private readonly delegate* unmanaged<LibzStream*, int> _deflateReset;
    private readonly delegate* unmanaged<LibzStream*, int> _deflateEnd;
    private readonly delegate* unmanaged<nuint, byte*, uint, nuint> _crc;

    private Libz(Func<string, nint> export)
    {
        _inflateInit = (delegate* unmanaged<LibzStream*, int, byte*, int, int>)export("inflateInit2_");
        _inflate = (delegate* unmanaged<LibzStream*, int, int>)export("inflate");
        _inflateReset = (delegate* unmanaged<LibzStream*, int, int>)export("inflateReset2");
        _inflateEnd = (delegate* unmanaged<LibzStream*, int>)export("inflateEnd");
        _deflateInit = (delegate* unmanaged<LibzStream*, int, int, int, int, int, byte*, int, int>)export("deflateInit2_");
        _deflate = (delegate* unmanaged<LibzStream*, int, int>)export("deflate");
        _deflateReset = (delegate* unmanaged<LibzStream*, int>)export("deflateReset");
        _deflateEnd = (delegate* unmanaged<LibzStream*, int>)export("deflateEnd");
        _crc = (delegate* unmanaged<nuint, byte*, uint, nuint>)export("crc32");
    }

    public override string Name => "libz of the system";

    /// <summary>Only the first digit is compared by zlib; the literal lives in the assembly's read-only data.</summary>
    private static byte* Version => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference("1.2.11\0"u8));

    /// <summary>Binds all exports, or none.</summary>
    public static ZlibLibrary? TryBind(nint handle)
    {
        try
        {
            return new Libz(name => NativeLibrary.GetExport(handle, name));
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    public override Inflater CreateInflater() => new InflaterOfLibz(this);

    public override Deflater CreateDeflater(int level) => new DeflaterOfLibz(this, level);

    public override uint Crc32(uint crc, byte* bytes, long count)
    {
        for (; count > int.MaxValue; bytes += int.MaxValue, count -= int.MaxValue)
        {
            crc = (uint)_crc(crc, bytes, int.MaxValue);
        }

        // A null pointer asks zlib for the initial value; an empty range leaves the value alone.
        return count == 0 ? crc : (uint)_crc(crc, bytes, (uint)count);
    }

    private sealed class InflaterOfLibz : Inflater
    {
        private readonly Libz _zlib;
        private LibzStream* _stream;

        public InflaterOfLibz(Libz zlib)
        {
            _zlib = zlib;
            _stream = (LibzStream*)NativeMemory.AllocZeroed((nuint)sizeof(LibzStream));
            if (zlib._inflateInit(_stream, ZlibCodes.WindowBits, Version, sizeof(LibzStream)) != ZlibCodes.Ok)
            {
                throw new InsufficientMemoryException("zlib could not set up an inflater.");
            }
        }

        ~InflaterOfLibz() => Dispose(false);

        public override void Reset() => _ = _zlib._inflateReset(_stream, ZlibCodes.WindowBits);

        public override InflateStatus Inflate(ref byte* input, byte* inputEnd, ref byte* output, byte* outputEnd, bool whole)
        {
            LibzStream* stream = _stream;
            stream->NextIn = input;
            stream->AvailableIn = (uint)Math.Min(inputEnd - input, int.MaxValue);
            stream->NextOut = output;
            stream->AvailableOut = (uint)Math.Min(outputEnd - output, int.MaxValue);
            int code = _zlib._inflate(stream, whole ? ZlibCodes.Finish : ZlibCodes.NoFlush);
            input = stream->NextIn;
            output = stream->NextOut;
            return ZlibCodes.Status(code);
        }

        protected override void Dispose(bool disposing)
        {
            if (_stream != null)
            {
                _ = _zlib._inflateEnd(_stream);
                NativeMemory.Free(_stream);
                _stream = null;
            }
        }
    }

    private sealed class DeflaterOfLibz : Deflater
    {
        private readonly Libz _zlib;
        private LibzStream* _stream;

        public DeflaterOfLibz(Libz zlib, int level)
        {
            _zlib = zlib;
            _stream = (LibzStream*)NativeMemory.AllocZeroed((nuint)sizeof(LibzStream));
            if (zlib._deflateInit(_stream, level, ZlibCodes.Deflated, ZlibCodes.WindowBits, ZlibCodes.MemoryLevel, 0, Version, sizeof(LibzStream)) != ZlibCodes.Ok)
            {
                throw new InsufficientMemoryException("zlib could not set up a deflater.");
            }
        }

        ~DeflaterOfLibz() => Dispose(false);

        public override void Reset() => _ = _zlib._deflateReset(_stream);

        public override bool Deflate(ref byte* input, byte* inputEnd, ref byte* output, byte* outputEnd)
        {
            LibzStream* stream = _stream;
            long left = inputEnd - input;
            stream->NextIn = input;
            stream->AvailableIn = (uint)Math.Min(left, int.MaxValue);
            stream->NextOut = output;
            stream->AvailableOut = (uint)Math.Min(outputEnd - output, int.MaxValue);
            int code = _zlib._deflate(stream, left > int.MaxValue ? ZlibCodes.NoFlush : ZlibCodes.Finish);
            input = stream->NextIn;
            output = stream->NextOut;
            return code == ZlibCodes.StreamEnd;
        }

        protected override void Dispose(bool disposing)
        {
            if (_stream != null)
            {
                _ = _zlib._deflateEnd(_stream);
                NativeMemory.Free(_stream);
                _stream = null;
            }
        }
    }
}
