namespace Actors.EndToEnd.Tests.Kills;

/// <summary>What is counted until a process is killed.</summary>
internal enum KillTrigger
{
    /// <summary>Files and folders of the store made, renamed or removed.</summary>
    Names,

    /// <summary>These, and every write to a file.</summary>
    Writes,

    /// <summary>Requests to the forge.</summary>
    Requests,
}
