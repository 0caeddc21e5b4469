namespace Actors.Client;

/// <summary>What the shell is told.</summary>
internal static class ExitCode
{
    public const int AllWell = 0;

    /// <summary>Wrong usage, or our own failure.</summary>
    public const int Failure = 1;

    /// <summary>The campaign ran to its end; some repositories failed, or a check found something.</summary>
    public const int SomeFailed = 2;

    /// <summary>Ctrl-C, as shells write it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
