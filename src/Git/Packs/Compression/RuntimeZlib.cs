using System.Runtime.InteropServices;

namespace Actors.Git.Packs.Compression;

/// <summary>zlib-ng inside the .NET runtime.</summary>
internal sealed unsafe class RuntimeZlib : ZlibLibrary
{
    private readonly delegate* unmanaged<RuntimeZStream*, int, int> _inflateInit;
    private readonly delegate* unmanaged<RuntimeZStream*, int, int> _inflate;
    private readonly delegate* unmanaged<RuntimeZStream*, int, int> _inflateReset;
    private readonly delegate* unmanaged<RuntimeZStream*, int> _inflateEnd;
    private readonly delegate* unmanaged<RuntimeZStream*, int, int, int, int, int, int> _deflateInit;
    private readonly delegate* unmanaged<RuntimeZStream*, int, int> _deflate;
    private readonly delegate* unmanaged<RuntimeZStream*, int> _deflateEnd;
    private readonly delegate* unmanaged<uint, byte*, int, uint> _crc;

    private RuntimeZlib(Func<string, nint> export)
    {
        _inflateInit = (delegate* unmanaged<RuntimeZStream*, int, int>)export("InflateInit2_");
        _inflate = (delegate* unmanaged<RuntimeZStream*, int, int>)export("Inflate");
        _inflateReset = (delegate* unmanaged<RuntimeZStream*, int, int>)export("InflateReset2_");
        _inflateEnd = (delegate* unmanaged<RuntimeZStream*, int>)export("InflateEnd");
        _deflateInit = (delegate* unmanaged<RuntimeZStream*, int, int, int, int, int, int>)export("DeflateInit2_");
        _deflate = (delegate* unmanaged<RuntimeZStream*, int, int>)export("Deflate");
        _deflateEnd = (delegate* unmanaged<RuntimeZStream*, int>)export("DeflateEnd");
        _crc = (delegate* unmanaged<uint, byte*, int, uint>)export("Crc32");
    }

    public override string Name => "zlib-ng of the .NET runtime";

    /// <summary>Binds all exports, or none.</summary>
    public static ZlibLibrary? TryBind(nint handle)
    {
        try
        {
            return new RuntimeZlib(name => NativeLibrary.GetExport(handle, "CompressionNative_" + name));
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    public override Inflater CreateInflater() => new InflaterOfRuntime(this);

    public override Deflater CreateDeflater(int level) => new DeflaterOfRuntime(this, level);

    public override uint Crc32(uint crc, byte* bytes, long count)
    {
        for (; count > int.MaxValue; bytes += int.MaxValue, count -= int.MaxValue)
        {
            crc = _crc(crc, bytes, int.MaxValue);
        }

        // A null pointer asks zlib for the initial value; an empty range leaves the value alone.
        return count == 0 ? crc : _crc(crc, bytes, (int)count);
    }

    private sealed class InflaterOfRuntime : Inflater
    {
        private readonly RuntimeZlib _zlib;
        private RuntimeZStream* _stream;

        public InflaterOfRuntime(RuntimeZlib zlib)
        {
            _zlib = zlib;
            _stream = (RuntimeZStream*)NativeMemory.AllocZeroed((nuint)sizeof(RuntimeZStream));
            if (zlib._inflateInit(_stream, ZlibCodes.WindowBits) != ZlibCodes.Ok)
            {
                throw new InsufficientMemoryException("zlib could not set up an inflater.");
            }
        }

        ~InflaterOfRuntime() => Dispose(false);

        public override void Reset() => _ = _zlib._inflateReset(_stream, ZlibCodes.WindowBits);

        public override InflateStatus Inflate(ref byte* input, byte* inputEnd, ref byte* output, byte* outputEnd, bool whole)
        {
            RuntimeZStream* stream = _stream;
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

    private sealed class DeflaterOfRuntime : Deflater
    {
        private readonly RuntimeZlib _zlib;
        private readonly int _level;
        private RuntimeZStream* _stream;

        public DeflaterOfRuntime(RuntimeZlib zlib, int level)
        {
            (_zlib, _level) = (zlib, level);
            _stream = (RuntimeZStream*)NativeMemory.AllocZeroed((nuint)sizeof(RuntimeZStream));
            Begin();
        }

        ~DeflaterOfRuntime() => Dispose(false);

        public override void Reset()
        {
            // The runtime exports no deflateReset.
            _ = _zlib._deflateEnd(_stream);
            Begin();
        }

        public override bool Deflate(ref byte* input, byte* inputEnd, ref byte* output, byte* outputEnd)
        {
            RuntimeZStream* stream = _stream;
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

        private void Begin()
        {
            *_stream = default;
            if (_zlib._deflateInit(_stream, _level, ZlibCodes.Deflated, ZlibCodes.WindowBits, ZlibCodes.MemoryLevel, 0) != ZlibCodes.Ok)
            {
                throw new InsufficientMemoryException("zlib could not set up a deflater.");
            }
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
