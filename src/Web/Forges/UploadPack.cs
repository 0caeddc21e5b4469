using System.Collections;
using System.ComponentModel;
using System.Diagnostics;

namespace Actors.Web.Forges;

/// <summary>One run of <c>git upload-pack --stateless-rpc</c>: one request in, one answer out.</summary>
internal static class UploadPack
{
    /// <summary>Streams the request to git and git's answer to the client, both ways at once; returns when git has ended.</summary>
    /// <param name="folder">The repository.</param>
    /// <param name="behaviour">What git may do.</param>
    /// <param name="protocol">The client's <c>Git-Protocol</c>, or null or empty for v0.</param>
    /// <param name="advertise">True for the advertisement, which has no request.</param>
    /// <param name="request">Decompressed body of the request.</param>
    /// <param name="answer">Body of the answer. When git fails it stays short or empty, as with git-http-backend.</param>
    /// <param name="cancellationToken">The client has gone: git is killed.</param>
    public static async Task RunAsync(
        string folder, ForgeBehaviour behaviour, string? protocol, bool advertise, Stream request, Stream answer, CancellationToken cancellationToken)
    {
        using Process git = new() { StartInfo = Describe(folder, behaviour, protocol, advertise) };
        try
        {
            git.Start();
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("The forge needs git on the PATH.", missing);
        }

        try
        {
            Task complaints = git.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
            Task sending = SendAsync(request, git.StandardInput.BaseStream, advertise, cancellationToken);
            await git.StandardOutput.BaseStream.CopyToAsync(answer, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(sending, complaints).ConfigureAwait(false);
            await git.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!git.HasExited)
            {
                git.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task SendAsync(Stream request, Stream input, bool advertise, CancellationToken cancellationToken)
    {
        try
        {
            if (!advertise)
            {
                await request.CopyToAsync(input, cancellationToken).ConfigureAwait(false);
            }

            input.Close();
        }
        catch (IOException)
        {
            // git ends when it has read enough, or when it refuses; what it said is the answer.
        }
    }

    private static ProcessStartInfo Describe(string folder, ForgeBehaviour behaviour, string? protocol, bool advertise)
    {
        ProcessStartInfo start = new("git")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (string setting in (string[])[
            // Whoever owns the folder, its owner asked for it to be served.
            "safe.directory=*",
            $"uploadpack.allowFilter={(behaviour.AllowFilter ? "true" : "false")}",
            $"uploadpack.allowAnySHA1InWant={(behaviour.AllowAnyWant ? "true" : "false")}",
            .. behaviour.Configuration])
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(setting);
        }

        foreach (string argument in (string[])["upload-pack", "--stateless-rpc", .. advertise ? ["--advertise-refs"] : (string[])[], "--", folder])
        {
            start.ArgumentList.Add(argument);
        }

        // A person's git configuration and environment must not change what is served.
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string name && name.StartsWith("GIT_", StringComparison.Ordinal) && name != "GIT_EXEC_PATH")
            {
                start.Environment.Remove(name);
            }
        }

        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["LC_ALL"] = "C";
        if (!string.IsNullOrEmpty(protocol) && protocol.Length <= Limits.ProtocolHeaderCharsMax && !protocol.Any(char.IsControl))
        {
            start.Environment["GIT_PROTOCOL"] = protocol;
        }

        return start;
    }
}
