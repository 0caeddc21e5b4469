using System.Runtime.CompilerServices;

namespace Actors.Store.Tests.Heads.Sqlite;

/// <summary>Makes a process of this program that a test started with these variables the writer that it will kill.</summary>
internal static class CrashedWriter
{
    public const string PathVariable = "ACTORS_CRASHED_WRITER_DATABASE";
    public const string PipeVariable = "ACTORS_CRASHED_WRITER_PIPE";

    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { } path && Environment.GetEnvironmentVariable(PipeVariable) is { } pipe)
        {
            // On this thread alone: any other waits for this initializer as soon as it runs code of this program.
            CrashTests.WriteUntilKilled(path, pipe);
        }
    }
}
