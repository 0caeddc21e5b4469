using System.CommandLine;
using Actors.Client.Demos;

namespace Actors.Client.Commands;

/// <summary><c>actors demo</c>: the main job on a forge of its own, in under a minute.</summary>
internal static class DemoCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Option<string?> keep = new("--keep") { HelpName = "DIR", Description = "Make the forge and the store there and leave them, to look at. Must not exist, or be empty." };
        Command command = new("demo", "Show the main job: makes a small forge with forks, serves it over HTTP, syncs, changes it, syncs again, and lets git judge. Needs git, no network.") { keep };
        command.SetAction(async (parsed, cancellation) =>
        {
            string? kept = parsed.GetValue(keep);
            if (kept is not null && Directory.Exists(kept) && Directory.EnumerateFileSystemEntries(kept).Any())
            {
                throw new UserErrorException($"--keep: '{kept}' is not an empty folder");
            }

            string folder = kept is null ? Directory.CreateTempSubdirectory("actors-demo-").FullName : Directory.CreateDirectory(kept).FullName;
            try
            {
                return await new DemoRun(terminal, clock, folder).RunAsync(cancellation);
            }
            finally
            {
                if (kept is null)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        });
        return command;
    }
}
