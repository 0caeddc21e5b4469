using System.Runtime.InteropServices;

namespace Actors.Git.Packs.Compression;

/// <summary>zlib's own <c>z_stream</c> (zlib.h), for libz.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LibzStream
{
    public byte* NextIn;
    public uint AvailableIn;
    public nuint TotalIn;
    public byte* NextOut;
    public uint AvailableOut;
    public nuint TotalOut;
    public byte* Message;
    public void* State;
    public void* Allocate;
    public void* Free;
    public void* Opaque;
    public int DataType;
    public nuint Adler;
    public nuint Reserved;
}
