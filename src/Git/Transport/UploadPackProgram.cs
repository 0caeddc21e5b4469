using System.Diagnostics;
using System.Globalization;
using System.Net;
using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>The command lines of the two programs. Arguments are a list, never a line: no shell of ours reads a URL.</summary>
internal static class UploadPackProgram
{
    // Set by a git that runs us (a hook, an alias): they would point the child at another repository (git rev-parse --local-env-vars).
    private static readonly string[] RepositoryVariables =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_CEILING_DIRECTORIES",
    ];

    /// <summary><c>git upload-pack -- path</c> (git-upload-pack).</summary>
    public static ProcessStartInfo Local(RepositoryUrl url, GitClientOptions options)
    {
        ProcessStartInfo start = Start(options.GitProgram);
        start.ArgumentList.Add("upload-pack");
        start.ArgumentList.Add("--");
        start.ArgumentList.Add(url.DecodedPath);
        foreach (string variable in RepositoryVariables)
        {
            start.Environment.Remove(variable);
        }

        // A partial clone must not fetch from its own remote on our behalf.
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        return start;
    }

    /// <summary><c>ssh … host git-upload-pack 'path'</c> (gitprotocol-pack, "SSH Transport"; gitprotocol-v2, "SSH and File Transport").</summary>
    public static ProcessStartInfo Ssh(RepositoryUrl url, GitClientOptions options, IPAddress? address = null)
    {
        ProcessStartInfo start = Start(options.SshProgram);
        string seconds = Math.Max(1, (int)options.ConnectTimeMax.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        foreach (string option in (string[])["BatchMode=yes", "SendEnv=GIT_PROTOCOL", $"ConnectTimeout={seconds}"])
        {
            start.ArgumentList.Add("-o");
            start.ArgumentList.Add(option);
        }

        if (address is not null)
        {
            // The address that was checked, so that ssh does not resolve the name once more; keys stay those of the name.
            foreach (string option in (string[])[$"HostName={address}", $"HostKeyAlias={url.HostName}", "ProxyCommand=none", "ProxyJump=none"])
            {
                start.ArgumentList.Add("-o");
                start.ArgumentList.Add(option);
            }
        }

        if (url.Port is { } port)
        {
            start.ArgumentList.Add("-p");
            start.ArgumentList.Add(port.ToString(CultureInfo.InvariantCulture));
        }

        start.ArgumentList.Add("--");
        start.ArgumentList.Add(url.User is { } user ? $"{user}@{url.HostName}" : url.HostName);
        // "/~user/x" and "/~/x" are relative to a home folder: git sends them without the slash.
        string path = url.DecodedPath.StartsWith("/~", StringComparison.Ordinal) ? url.DecodedPath[1..] : url.DecodedPath;
        start.ArgumentList.Add("git-upload-pack " + Quote(path));
        return start;
    }

    /// <summary>For the remote's shell, as git quotes (quote.c): inside single quotes, with <c>'</c> and <c>!</c> taken out of them.</summary>
    public static string Quote(string text) =>
        "'" + text.Replace("'", "'\\''", StringComparison.Ordinal).Replace("!", "'\\!'", StringComparison.Ordinal) + "'";

    private static ProcessStartInfo Start(string program)
    {
        ProcessStartInfo start = new(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_PROTOCOL"] = "version=2";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        // Its messages are classified by their English words.
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
