using System.CommandLine;
using System.Globalization;
using Actors.Client.Demos;

namespace Actors.Client.Commands;

/// <summary><c>actors demo</c>: the main job on a forge of its own, in under a minute.</summary>
internal static class DemoCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Option<string?> keep = new("--keep") { HelpName = "DIR", Description = "Make the forge and the store there and leave them, to look at. Must not exist, or be empty." };
        Option<bool> hostile = new("--hostile") { Description = "Show it against forges that throttle, ban, stall, lie, rename, hide and delete, and judge by the truth." };
        Option<int> seed = SharedOptions.Of("--seed", "What goes wrong when, with --hostile.", "N", ParseSeed, "1");
        Command command = new("demo", "Show the main job: makes a small forge with forks, serves it over HTTP, syncs, changes it, syncs again, and lets git judge. Needs git, no network.") { keep, hostile, seed };
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
                return parsed.GetValue(hostile)
                    ? await new HostileDemoRun(terminal, clock, folder, parsed.GetValue(seed) is > 0 and var given ? given : 1).RunAsync(cancellation)
                    : await new DemoRun(terminal, clock, folder).RunAsync(cancellation);
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

    private static int ParseSeed(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seed) && seed > 0
        ? seed
        : throw new FormatException($"'{text}' is not a seed, a number from 1.");
}
