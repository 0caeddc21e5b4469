using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Actors.Git.Packs.Compression;

/// <summary>
/// A zlib in this process: the .NET runtime's own zlib-ng through its native exports, which are no public interface and
/// are therefore tried out first; else the system's libz.
/// </summary>
internal abstract unsafe class ZlibLibrary
{
    private static readonly Lazy<ZlibLibrary> Chosen = new(Choose);

    /// <summary>The one that passed <see cref="ZlibSelfTest"/>.</summary>
    public static ZlibLibrary Current => Chosen.Value;

    /// <summary>Names it in benchmark tables.</summary>
    public abstract string Name { get; }

    public abstract Inflater CreateInflater();

    /// <summary>A deflater that keeps its state between streams.</summary>
    public abstract Deflater CreateDeflater(int level);

    /// <summary>CRC-32 as gzip and pack indexes use it, going on from <paramref name="crc"/>.</summary>
    public abstract uint Crc32(uint crc, byte* bytes, long count);

    /// <summary>Loads the runtime's zlib-ng; null when it is not there or has other exports.</summary>
    public static ZlibLibrary? TryLoadRuntime() =>
        NativeLibrary.TryLoad("libSystem.IO.Compression.Native", typeof(ZLibStream).Assembly, null, out nint handle)
            ? RuntimeZlib.TryBind(handle) : null;

    /// <summary>Loads the system's libz; null when there is none.</summary>
    public static ZlibLibrary? TryLoadSystem()
    {
        foreach (string name in (ReadOnlySpan<string>)["libz.so.1", "libz.1.dylib", "zlib1.dll"])
        {
            if (NativeLibrary.TryLoad(name, out nint handle) && Libz.TryBind(handle) is { } library)
            {
                return library;
            }
        }

        return null;
    }

    private static ZlibLibrary Choose()
    {
        if (TryLoadRuntime() is { } runtime && ZlibSelfTest.Passes(runtime))
        {
            return runtime;
        }

        return TryLoadSystem() is { } system && ZlibSelfTest.Passes(system)
            ? system
            : throw new PlatformNotSupportedException("Neither the .NET runtime's zlib nor libz can be used for inflating packs.");
    }
}
