namespace Actors.TestKit.Git;

/// <summary>git ended with an error: its command line, its exit code, and what it said.</summary>
public sealed class GitFailedException(string command, int exitCode, string complaint)
    : Exception($"'{command}' ended with {exitCode}: {complaint.TrimEnd()}")
{
    /// <summary>What git wrote to its standard error.</summary>
    public string Complaint { get; } = complaint;

    /// <summary>git's exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
