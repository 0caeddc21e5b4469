using System.ComponentModel;
using System.Diagnostics;
using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>
/// The pipes of a program that speaks git: <c>git upload-pack</c> for local repositories, <c>ssh</c> for others. Its
/// error channel is read along, the last words kept. When time is up the program is ended, for a pipe's read cannot be cancelled.
/// </summary>
internal sealed class ProcessConnection : GitConnection
{
    private static readonly TimeSpan ExitTimeMax = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly TimeProvider _clock;
    private readonly Task<byte[]> _errors;
    private readonly CancellationTokenRegistration _end;

    private ProcessConnection(Process process, TimeProvider clock, CancellationToken end)
    {
        (_process, _clock) = (process, clock);
        _errors = ReadErrorsAsync(process.StandardError.BaseStream);
        _end = end.UnsafeRegister(static connection => ((ProcessConnection)connection!).Kill(), this);
    }

    public override Stream Input => _process.StandardOutput.BaseStream;

    public override Stream Output => _process.StandardInput.BaseStream;

    /// <summary>Starts the program; no shell takes part.</summary>
    /// <exception cref="RemoteFailureException">It cannot be started.</exception>
    public static ProcessConnection Open(ProcessStartInfo start, TimeProvider clock, Deadline deadline)
    {
        try
        {
            Process process = Process.Start(start) ?? throw new RemoteFailureException(RemoteFailureKind.Unsupported, $"'{start.FileName}' cannot be started.");
            return new ProcessConnection(process, clock, deadline.Token);
        }
        catch (Win32Exception e)
        {
            throw new RemoteFailureException(RemoteFailureKind.Unsupported, $"The program '{start.FileName}' is needed for this URL and cannot be started.", e);
        }
    }

    public override async ValueTask<RemoteFailure?> ExplainEndAsync()
    {
        await EndAsync().ConfigureAwait(false);
        byte[] words = await _errors.ConfigureAwait(false);
        if (words.Length == 0)
        {
            return null;
        }

        // Banners come first, the reason last.
        RemoteFailure failure = RemoteMessage.Classify(words.AsSpan(Math.Max(0, words.Length - Limits.RemoteMessageCharsMax)));
        return failure.Message.Contains("dubious ownership", StringComparison.Ordinal)
            ? failure with { Message = "The directory belongs to another user, and git refuses it: see safe.directory in git-config." }
            : failure;
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        await _end.DisposeAsync().ConfigureAwait(false);
        await _errors.ConfigureAwait(false);
        _process.Dispose();
    }

    /// <summary>A program whose input ends goes by itself; one that does not is ended.</summary>
    private async ValueTask EndAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It was gone before.
        }

        try
        {
            // It may be blocked on output that nobody reads any more.
            await _process.StandardOutput.BaseStream.DisposeAsync().ConfigureAwait(false);
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(ExitTimeMax, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Kill();
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }

    private static async Task<byte[]> ReadErrorsAsync(Stream errors)
    {
        byte[] last = new byte[Limits.ErrorChannelBytesMax];
        int length = 0;
        byte[] chunk = new byte[Limits.ErrorChannelBytesMax / 2];
        try
        {
            int read;
            while ((read = await errors.ReadAsync(chunk).ConfigureAwait(false)) > 0)
            {
                int dropped = Math.Max(0, length + read - last.Length);
                last.AsSpan(dropped, length - dropped).CopyTo(last);
                length -= dropped;
                chunk.AsSpan(0, read).CopyTo(last.AsSpan(length));
                length += read;
            }
        }
        catch (IOException)
        {
            // What was read is told.
        }

        return last[..length];
    }
}
