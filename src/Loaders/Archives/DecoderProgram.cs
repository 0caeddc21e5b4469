using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>
/// A decoder in a process of its own: packed bytes are piped in, what comes out is read here. The program is told how much
/// memory it may take; how much comes out is its reader's business. Disposing ends it.
/// </summary>
internal sealed class DecoderProgram : ReadOnlyStream
{
    private readonly Process _process;
    private readonly string _name;
    private readonly Task _feeding;
    private readonly Task<string> _complaint;
    private readonly CancellationTokenSource _ending = new();
    private Exception? _feedFailure;

    private DecoderProgram(Process process, string name, Stream packed)
    {
        (_process, _name) = (process, name);
        _feeding = FeedAsync(packed);
        _complaint = ListenAsync();
    }

    /// <summary>Starts a program over packed bytes, which it owns.</summary>
    /// <exception cref="ArchiveException">The program is not on this machine.</exception>
    public static DecoderProgram Start(string name, IReadOnlyList<string> arguments, Stream packed)
    {
        ProcessStartInfo start = new(name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        // Options of the person's own shell are not meant for us.
        start.Environment.Remove("XZ_OPT");
        start.Environment.Remove("XZ_DEFAULTS");
        try
        {
            return new DecoderProgram(Process.Start(start)!, name, packed);
        }
        catch (Win32Exception e)
        {
            packed.Dispose();
            throw new ArchiveException($"the program '{name}' is needed to unpack this, and is not here", e);
        }
    }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("Read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await _process.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read == 0 && buffer.Length > 0)
        {
            await _feeding.ConfigureAwait(false);
            string complaint = await _complaint.ConfigureAwait(false);
            await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (_feedFailure is not null)
            {
                throw _feedFailure;
            }

            if (_process.ExitCode != 0)
            {
                throw new ArchiveException($"{_name} ended with {_process.ExitCode}: {complaint.Trim().ReplaceLineEndings(" ")}");
            }
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ending.Cancel();
            try
            {
                _process.Kill();
            }
            catch (InvalidOperationException)
            {
                // It has ended.
            }

            _process.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task FeedAsync(Stream packed)
    {
        try
        {
            Stream input = _process.StandardInput.BaseStream;
            await packed.CopyToAsync(input, 128 << 10, _ending.Token).ConfigureAwait(false);
            await input.FlushAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (IOException e) when (IsBrokenPipe(e))
        {
            // The program has seen enough, or has failed: its exit code tells.
        }
        catch (Exception e)
        {
            _feedFailure = e;
        }
        finally
        {
            try
            {
                _process.StandardInput.Close();
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                // Likewise.
            }

            await packed.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static bool IsBrokenPipe(IOException e) => e.Message.Contains("pipe", StringComparison.OrdinalIgnoreCase);

    private async Task<string> ListenAsync()
    {
        byte[] words = new byte[Limits.DecoderErrorBytesMax];
        byte[] rest = new byte[Limits.DecoderErrorBytesMax];
        Stream error = _process.StandardError.BaseStream;
        int length = await error.ReadAtLeastAsync(words, words.Length, throwOnEndOfStream: false).ConfigureAwait(false);
        while (await error.ReadAsync(rest).ConfigureAwait(false) > 0)
        {
        }

        return Encoding.UTF8.GetString(words, 0, length);
    }
}
