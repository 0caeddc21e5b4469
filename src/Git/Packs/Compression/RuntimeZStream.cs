using System.Runtime.InteropServices;

namespace Actors.Git.Packs.Compression;

/// <summary>The stream structure of libSystem.IO.Compression.Native (<c>PAL_ZStream</c> in the runtime's pal_zlib.h). Checked at start-up by <see cref="ZlibSelfTest"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RuntimeZStream
{
    public byte* NextIn;
    public byte* NextOut;
    public byte* Message;
    public void* State;
    public uint AvailableIn;
    public uint AvailableOut;
}
