using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>Reads an announced number of bytes; memory grows with what comes, not with what is announced.</summary>
internal static class ExactBytes
{
    private const int FirstBytes = 4 << 20;

    public static async ValueTask<byte[]> ReadAsync(Stream stream, long size, CancellationToken cancellationToken)
    {
        int first = (int)Math.Min(size, FirstBytes);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(first, pinned: first >= 2048);
        int done = 0;
        while (true)
        {
            int read = await stream.ReadAtLeastAsync(bytes.AsMemory(done), bytes.Length - done, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            done += read;
            if (done < bytes.Length)
            {
                throw new ArchiveException("the archive ends within a file");
            }

            if (done == size)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(size, 2L * bytes.Length));
        }
    }
}
