using System.Diagnostics;
using System.Text;

namespace Actors.Client.Demos;

/// <summary>Runs the git program in a clean environment: no configuration of this machine, no prompts, fixed names.</summary>
internal static class Git
{
    /// <summary>Runs git to its end and gives its output.</summary>
    /// <exception cref="UserErrorException">There is no git, or it failed.</exception>
    public static async Task<string> RunAsync(string folder, Action<StreamWriter>? input, CancellationToken cancellationToken, params string[] arguments)
    {
        ProcessStartInfo start = new("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (string role in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{role}_NAME"] = "A Demo";
            start.Environment[$"GIT_{role}_EMAIL"] = "demo@example.org";
            start.Environment[$"GIT_{role}_DATE"] = "1700000000 +0000";
        }

        using Process git = Start(start);
        Task<string> output = git.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> error = git.StandardError.ReadToEndAsync(cancellationToken);
        using (StreamWriter writer = new(git.StandardInput.BaseStream, new UTF8Encoding(false)) { NewLine = "\n" })
        {
            input?.Invoke(writer);
        }

        await git.WaitForExitAsync(cancellationToken);
        string text = await output;
        return git.ExitCode == 0 ? text : throw new UserErrorException($"git {arguments[0]} failed: {(await error).Trim()}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new UserErrorException("the demo needs the git program, and none was found on the PATH: install git", e);
        }
    }
}
