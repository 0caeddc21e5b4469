using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Xunit;
using ZipArchive = System.IO.Compression.ZipArchive;

namespace Actors.Loaders.Tests.Archives;

/// <summary>Makes archives in memory.</summary>
internal static class Packing
{
    /// <summary>A tar of entries in pax form: name, text; a name that ends in a slash is a folder.</summary>
    public static byte[] Tar(params (string Name, string Text)[] entries) => Tar(writer =>
    {
        foreach ((string name, string text) in entries)
        {
            TarEntry entry = new PaxTarEntry(name.EndsWith('/') ? TarEntryType.Directory : TarEntryType.RegularFile, name);
            if (!name.EndsWith('/'))
            {
                entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text));
            }

            writer.WriteEntry(entry);
        }
    });

    public static byte[] Tar(Action<TarWriter> write)
    {
        MemoryStream bytes = new();
        using (TarWriter writer = new(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            write(writer);
        }

        return bytes.ToArray();
    }

    public static byte[] TarGz(params (string Name, string Text)[] entries) => Gzip(Tar(entries));

    public static byte[] Gzip(byte[] bytes)
    {
        MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    public static byte[] Zip(params (string Name, string Text)[] entries)
    {
        MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in entries)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }

    /// <summary>What a program makes of bytes; skips the test where it is not here.</summary>
    public static async Task<byte[]> PipeAsync(byte[] input, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"The program '{program}' is not on this machine.");
        }

        using (process)
        {
            MemoryStream output = new();
            Task reading = process!.StandardOutput.BaseStream.CopyToAsync(output);
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
            await reading;
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            return output.ToArray();
        }
    }
}
