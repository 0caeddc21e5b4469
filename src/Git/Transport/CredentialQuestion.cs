using System.ComponentModel;
using System.Diagnostics;
using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>git's credential helpers, by <c>git credential fill</c> (git-credential, "Typical use of git credential"). They may answer, but nobody is prompted.</summary>
internal static class CredentialQuestion
{
    /// <summary>What the helpers know for a host, or null.</summary>
    public static async Task<HostCredential?> AskAsync(string program, RepositoryUrl url, TimeSpan timeMax, TimeProvider clock, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("credential");
        start.ArgumentList.Add("fill");
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_ASKPASS"] = "";
        start.Environment["SSH_ASKPASS"] = "";
        start.Environment["GCM_INTERACTIVE"] = "never";
        using CancellationTokenSource late = new(timeMax, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using Process git = Process.Start(start)!;
            try
            {
                return await ReadAsync(git, url, either.Token).ConfigureAwait(false);
            }
            finally
            {
                if (!git.HasExited)
                {
                    git.Kill(entireProcessTree: true);
                }
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // No git, or a helper that hangs: there is no credential.
            return null;
        }
    }

    private static async Task<HostCredential?> ReadAsync(Process git, RepositoryUrl url, CancellationToken cancellationToken)
    {
        Task complaints = git.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
        await git.StandardInput.WriteAsync($"protocol={url.Scheme}\nhost={url.Host}\n\n".AsMemory(), cancellationToken).ConfigureAwait(false);
        git.StandardInput.Close();
        string? user = null, password = null;
        char[] answer = new char[Limits.CredentialCharsMax];
        int length = await git.StandardOutput.ReadBlockAsync(answer, cancellationToken).ConfigureAwait(false);
        await complaints.ConfigureAwait(false);
        foreach (string line in new string(answer, 0, length).Split('\n'))
        {
            user = line.StartsWith("username=", StringComparison.Ordinal) ? line[9..] : user;
            password = line.StartsWith("password=", StringComparison.Ordinal) ? line[9..] : password;
        }

        return length < answer.Length && !string.IsNullOrEmpty(password) ? new HostCredential(user ?? "", password) : null;
    }
}
