using System.Diagnostics;
using System.Text;

namespace Actors.TestKit.Git;

/// <summary>
/// Runs the installed git in one folder, so that a run today and elsewhere gives the same objects: fixed names, a clock
/// that moves a minute with each commit, no configuration but the repository's own, no prompts, no pager, English messages.
/// </summary>
public sealed class GitCommand
{
    /// <summary>Seconds since 1970 of the first commit: 2005-04-07, when git's own history begins.</summary>
    public const long FirstDate = 1_112_911_993;

    private static readonly Lazy<string?> InstalledVersion = new(FindVersion);

    /// <summary>git in a folder, which is made where it is missing.</summary>
    public GitCommand(string folder) => Folder = Directory.CreateDirectory(folder).FullName;

    /// <summary>Where git runs.</summary>
    public string Folder { get; }

    /// <summary>Author and committer date of the next commit, in seconds since 1970; each <see cref="Run(string[])"/> of <c>commit</c>, <c>merge</c> or <c>tag</c> moves it by a minute.</summary>
    public long Date { get; set; } = FirstDate;

    /// <summary>Offset of the dates, as git writes it.</summary>
    public string TimeZone { get; set; } = "+0200";

    /// <summary>Further environment variables; null removes one.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>Skips the calling test's work with a sentence when there is no git; returns its version otherwise.</summary>
    /// <param name="skip">What skips: <c>Assert.Skip</c>.</param>
    public static string Require(Action<string> skip)
    {
        if (InstalledVersion.Value is not { } version)
        {
            skip("git is not installed: it builds the repositories of this test and judges the result.");
            return "";
        }

        return version;
    }

    /// <summary>Runs git and returns its output as text, without the last line feed.</summary>
    /// <exception cref="GitFailedException">git ended with another code than 0.</exception>
    public string Run(params string[] arguments) => Run(ReadOnlySpan<byte>.Empty, arguments);

    /// <summary>Runs git with text as its input.</summary>
    /// <exception cref="GitFailedException">git ended with another code than 0.</exception>
    public string RunWith(string input, params string[] arguments) => Run(Encoding.UTF8.GetBytes(input), arguments);

    /// <summary>Runs git with bytes as its input.</summary>
    /// <exception cref="GitFailedException">git ended with another code than 0.</exception>
    public string Run(ReadOnlySpan<byte> input, params string[] arguments) => Encoding.UTF8.GetString(RunBytes(input, arguments)).TrimEnd('\n');

    /// <summary>Runs git and returns the lines of its output.</summary>
    /// <exception cref="GitFailedException">git ended with another code than 0.</exception>
    public string[] Lines(params string[] arguments) => Run(arguments) is { Length: > 0 } text ? text.Split('\n') : [];

    /// <summary>Runs git and returns its output as it is.</summary>
    /// <exception cref="GitFailedException">git ended with another code than 0.</exception>
    public byte[] RunBytes(ReadOnlySpan<byte> input, params string[] arguments)
    {
        (int exitCode, byte[] output, string complaint) = Try(input, arguments);
        return exitCode == 0 ? output : throw new GitFailedException("git " + string.Join(' ', arguments), exitCode, complaint);
    }

    /// <summary>Runs git to whatever end: exit code, output, and what it wrote to its standard error.</summary>
    public (int ExitCode, byte[] Output, string Complaint) Try(ReadOnlySpan<byte> input, params string[] arguments)
    {
        using Process git = Process.Start(Describe(arguments))!;
        byte[] bytes = input.ToArray();
        Task sending = Task.Run(() => Send(git, bytes));
        Task<string> complaint = git.StandardError.ReadToEndAsync();
        MemoryStream output = new();
        git.StandardOutput.BaseStream.CopyTo(output);
        git.WaitForExit();
        sending.Wait();
        if (arguments is ["commit" or "merge" or "tag" or "commit-tree", ..])
        {
            Date += 60;
        }

        return (git.ExitCode, output.ToArray(), complaint.Result);
    }

    /// <summary>A description of a run, for tests that start git themselves. All three streams are redirected.</summary>
    public ProcessStartInfo Describe(params string[] arguments)
    {
        ProcessStartInfo start = new("git", arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_PAGER"] = "cat";
        start.Environment["GIT_EDITOR"] = "true";
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        start.Environment["GIT_AUTHOR_NAME"] = start.Environment["GIT_COMMITTER_NAME"] = "Ada Example";
        start.Environment["GIT_AUTHOR_EMAIL"] = start.Environment["GIT_COMMITTER_EMAIL"] = "ada@example.org";
        start.Environment["GIT_AUTHOR_DATE"] = start.Environment["GIT_COMMITTER_DATE"] = $"@{Date} {TimeZone}";
        Configure(start, [
            ("init.defaultBranch", "main"), ("safe.directory", "*"), ("gc.auto", "0"), ("maintenance.auto", "false"), ("commit.gpgSign", "false"),
            ("core.fsync", "none"), ("protocol.file.allow", "always"), ("advice.detachedHead", "false"), ("uploadpack.allowFilter", "true")]);
        foreach ((string name, string? value) in Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Configuration by environment, so that git's own child processes have it too.</summary>
    private static void Configure(ProcessStartInfo start, ReadOnlySpan<(string Key, string Value)> settings)
    {
        start.Environment["GIT_CONFIG_COUNT"] = $"{settings.Length}";
        for (int i = 0; i < settings.Length; i++)
        {
            start.Environment[$"GIT_CONFIG_KEY_{i}"] = settings[i].Key;
            start.Environment[$"GIT_CONFIG_VALUE_{i}"] = settings[i].Value;
        }
    }

    private static void Send(Process git, byte[] input)
    {
        try
        {
            git.StandardInput.BaseStream.Write(input);
            git.StandardInput.Close();
        }
        catch (IOException)
        {
            // git ended without reading all of it; its exit code tells.
        }
    }

    private static string? FindVersion()
    {
        try
        {
            return new GitCommand(Path.GetTempPath()).Run("version");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
