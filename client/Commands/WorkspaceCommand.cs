using System.CommandLine;
using Actors.Git.Lfs;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Workspaces;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary><c>actors workspace</c>: git worktrees of stored commits.</summary>
internal static class WorkspaceCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock) => new(
        "workspace", "Check out any commit of any repository in a moment: git worktrees that share one base each and borrow every object from the store.")
    {
        WorkspaceAddCommand.Create(terminal, clock),
        CreateList(terminal, clock),
        CreateRemove(terminal, clock),
        CreatePrune(terminal, clock),
        CreateCollect(terminal, clock),
        CreateVerify(terminal, clock),
        WorkspaceAdoptCommand.Create(terminal, clock),
    };

    /// <summary>The workspaces of a store that is open for reading.</summary>
    public static WorkspaceRoot RootOf(string place, ReadingStore store, TimeProvider clock) => RootOf(place, store.Objects, store.Heads, clock);

    /// <summary>The workspaces of an open store. One in a folder lends its objects from there; of a shared one, bases get packs of their own.</summary>
    public static WorkspaceRoot RootOf(string place, IObjectStore objects, IHeadStore heads, TimeProvider clock, LfsClient? lfs = null)
    {
        StorePlace at = StorePlace.Of(place);
        return new WorkspaceRoot(at.Workspaces, objects, at.Folder is { } folder ? Path.Combine(Path.GetFullPath(folder), "objects") : null, heads, clock) { Lfs = lfs };
    }

    private static Command CreateList(Terminal terminal, TimeProvider clock)
    {
        Option<string> store = SharedOptions.Store();
        Command command = new("list", "Print all workspaces: path, commit, date and URL, with tabs between; then adopted clones, with 'adopted' for the date.") { store };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(store);
            await using ReadingStore opened = await ReadingStore.OpenAsync(path, clock, cancellation);
            WorkspaceRoot root = RootOf(path, opened, clock);
            foreach (Workspace one in root.List())
            {
                await terminal.Lines.WriteLineAsync($"{one.Path}\t{one.Commit}\t{Quantities.Time(one.MadeAt)}\t{one.Url}");
            }

            foreach (AdoptedClone one in root.ListAdopted())
            {
                await terminal.Lines.WriteLineAsync($"{one.Path}\t{one.Head}\tadopted\t{one.Url}");
            }

            await terminal.Lines.FlushAsync(cancellation);
            return ExitCode.AllWell;
        });
        return command;
    }

    private static Command CreateRemove(Terminal terminal, TimeProvider clock)
    {
        Argument<string[]> paths = new("DIR") { Arity = ArgumentArity.OneOrMore, Description = "Folders of workspaces." };
        Option<bool> force = new("--force", "-f") { Description = "Also with changes, or with commits that no branch has." };
        Option<string> store = SharedOptions.Store();
        Command command = new("remove", "Remove workspaces. Their branches stay in the base.") { paths, force, store };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(store);
            await using ReadingStore opened = await ReadingStore.OpenAsync(path, clock, cancellation);
            WorkspaceRoot root = RootOf(path, opened, clock);
            int code = ExitCode.AllWell;
            foreach (string one in parsed.GetRequiredValue(paths))
            {
                if (await root.RemoveAsync(one, parsed.GetValue(force), cancellation) is { } reason)
                {
                    terminal.Error.WriteLine($"actors: {reason}");
                    code = ExitCode.SomeFailed;
                }
            }

            return code;
        });
        return command;
    }

    private static Command CreatePrune(Terminal terminal, TimeProvider clock)
    {
        Option<string> store = SharedOptions.Store();
        Command command = new("prune", "Forget workspaces whose folder was deleted, and take away what crashed requests left.") { store };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(store);
            await using ReadingStore opened = await ReadingStore.OpenAsync(path, clock, cancellation);
            return Tell(terminal, RootOf(path, opened, clock).Prune(), "removed");
        });
        return command;
    }

    private static Command CreateCollect(Terminal terminal, TimeProvider clock)
    {
        Option<int> days = new("--unused-days") { HelpName = "N", Description = "Bases that nobody used for so many days.", DefaultValueFactory = _ => 30 };
        Option<bool> dry = new("--dry-run") { Description = "Only say what would go." };
        Option<string> store = SharedOptions.Store();
        Command command = new("gc", "Remove bases without workspaces that nobody used for long. One with commits of its own stays.") { days, dry, store };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(store);
            await using ReadingStore opened = await ReadingStore.OpenAsync(path, clock, cancellation);
            TidyReport report = await RootOf(path, opened, clock).CollectAsync(TimeSpan.FromDays(Math.Max(0, parsed.GetValue(days))), parsed.GetValue(dry), cancellation);
            return Tell(terminal, report, parsed.GetValue(dry) ? "would remove" : "removed");
        });
        return command;
    }

    private static Command CreateVerify(Terminal terminal, TimeProvider clock)
    {
        Option<string> store = SharedOptions.Store();
        Command command = new("verify", "Check every workspace: links, base, objects, index, files. Changes nothing; exits with 2 when something is wrong. Changed files are told, they are nothing wrong.") { store };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(store);
            await using ReadingStore opened = await ReadingStore.OpenAsync(path, clock, cancellation);
            (int workspaces, int problems) = (0, 0);
            await foreach (WorkspaceCheck check in RootOf(path, opened, clock).VerifyAsync(cancellation))
            {
                workspaces++;
                problems += check.Problem is null ? 0 : 1;
                if (check.Problem is not null || check.ChangedFiles > 0)
                {
                    await terminal.Lines.WriteLineAsync($"{check.Path}: {check.Problem ?? $"{check.ChangedFiles} changed files"}");
                }
            }

            await terminal.Lines.FlushAsync(cancellation);
            terminal.Screen.WriteLine($"{Quantities.Count(workspaces)} workspaces checked: {(problems == 0 ? "nothing wrong" : $"{Quantities.Count(problems)} problems")}");
            return problems == 0 ? ExitCode.AllWell : ExitCode.SomeFailed;
        });
        return command;
    }

    private static int Tell(Terminal terminal, TidyReport report, string word)
    {
        foreach (string path in report.Removed)
        {
            terminal.Screen.WriteLine($"{word} {path}");
        }

        foreach ((string path, string reason) in report.Kept)
        {
            terminal.Screen.WriteLine($"kept {path}: {reason}");
        }

        terminal.Screen.WriteLine($"{word}: {Quantities.Count(report.Removed.Count)}");
        return ExitCode.AllWell;
    }
}
