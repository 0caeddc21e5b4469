using System.Diagnostics;
using System.Text;

namespace Actors.Sync.Workspaces;

/// <summary>
/// A filter that a person's own git is set to (gitattributes, "filter"; convert.c, <c>apply_filter</c>). A tree can name it, never make one:
/// no configuration comes with a repository.
/// </summary>
/// <param name="Name">What attributes call it.</param>
/// <param name="Smudge">Command that reads a blob and writes a file, or null.</param>
/// <param name="LongRunning">Command that is spoken to (<c>filter.NAME.process</c>), or null.</param>
/// <param name="Required">No file without it.</param>
internal sealed record PersonalFilter(string Name, string? Smudge, string? LongRunning, bool Required)
{
    private const int ComplaintCharsMax = 300;

    /// <summary>The bytes of the file.</summary>
    /// <param name="path">From the top.</param>
    /// <param name="blob">The blob, converted otherwise.</param>
    /// <param name="folder">The top of the working tree, where it runs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="WorkspaceRefusedException">It is required and fails, or it can only be spoken to.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ApplyAsync(ReadOnlyMemory<byte> path, ReadOnlyMemory<byte> blob, string folder, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Smudge))
        {
            return !string.IsNullOrEmpty(LongRunning)
                ? throw Refusal(path, $"is to go through filter.{Name}.process of your git configuration, which is not run here: set filter.{Name}.smudge too, or use git worktree add")
                : Required ? throw Refusal(path, $"is to go through the filter {Name}, which your git configuration requires and has no smudge command for") : blob;
        }

        if (Smudge == "cat")
        {
            return blob;
        }

        string named = new UTF8Encoding(false).GetString(path.Span);
        if (named.Contains('\ufffd', StringComparison.Ordinal))
        {
            throw Refusal(path, $"is to go through the filter {Name}, which cannot be given a name that is not UTF-8 here");
        }

        (byte[]? file, string complaint) = await RunAsync(Command(named), blob, folder, cancellationToken).ConfigureAwait(false);
        return file is not null ? file
            : Required ? throw Refusal(path, $"is to go through the filter {Name} of your git configuration, which failed: {complaint}")
            : blob;
    }

    /// <summary>gitattributes, "filter": <c>%f</c> is the path, quoted for the shell.</summary>
    private string Command(string path)
    {
        StringBuilder command = new();
        for (int i = 0; i < Smudge!.Length; i++)
        {
            char next = Smudge[i] == '%' && i + 1 < Smudge.Length ? Smudge[i + 1] : '\0';
            command.Append(next switch
            {
                'f' => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal).Replace("!", "'\\!'", StringComparison.Ordinal)}'",
                '%' => "%",
                _ => Smudge[i],
            });
            i += next is 'f' or '%' ? 1 : 0;
        }

        return command.ToString();
    }

    private static async Task<(byte[]? File, string Complaint)> RunAsync(string command, ReadOnlyMemory<byte> blob, string folder, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", command]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> complaint = process.StandardError.ReadToEndAsync(cancellationToken);
            Task sending = SendAsync(process, blob, cancellationToken);
            using MemoryStream file = new();
            await process.StandardOutput.BaseStream.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            await sending.ConfigureAwait(false);
            string said = await complaint.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode == 0
                ? (file.ToArray(), "")
                : (null, $"code {process.ExitCode}, {new string([.. said.Take(ComplaintCharsMax).Select(c => char.IsControl(c) ? ' ' : c)]).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task SendAsync(Process process, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(blob, cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has read what it wanted.
        }
    }

    private static WorkspaceRefusedException Refusal(ReadOnlyMemory<byte> path, string why) =>
        new(WorkspaceEnd.Failed, $"'{TreeListing.Shown(path.Span)}' {why}");
}
