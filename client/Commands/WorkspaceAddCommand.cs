using System.CommandLine;
using Actors.Git.Remotes;
using Actors.Store.WorldOfCode;

namespace Actors.Client.Commands;

/// <summary><c>actors workspace add</c>: its words and what they mean.</summary>
internal static class WorkspaceAddCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<RepositoryUrl?> url = new("URL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A repository: https, http, git, ssh or file URL, a path, or a short form such as gh:owner/name.",
            CustomParser = result => SharedOptions.Parsed(result, text => (RepositoryUrl?)RepositoryUrl.Parse(ShortForms.Expand(text))),
        };
        Option<string?> list = new("--list") { HelpName = "FILE|-", Description = "Instead of a URL: a file with a URL, a commit or ref, and if wanted a path a line, with white space between." };
        Option<string?> commit = new("--commit") { HelpName = "OID|REF", Description = "A commit, branch, tag or full ref name. Default: the remote's HEAD." };
        Option<string?> path = new("--path") { HelpName = "DIR", Description = "The folder to make; must not exist or be empty. With --list: the folder that they all go into. Default: one below the store." };
        Option<string?> branch = new("--branch", "-b") { HelpName = "NAME", Description = "A new branch to be on. Default: HEAD is detached." };
        Option<string[]> sparse = new("--sparse") { HelpName = "FOLDER", AllowMultipleArgumentsPerToken = true, Description = "Check out only these folders (git's sparse checkout, cone)." };
        Option<bool> lfs = new("--lfs") { Description = "Fetch what the tree keeps in Git LFS; otherwise such files are their pointers." };
        Option<bool> submodules = new("--recurse-submodules") { Description = "Fill submodules too, and theirs, at the recorded commits: each is a repository of the store as any other." };
        Option<bool> fresh = new("--fresh") { Description = "Visit the remote first: refs as they are now, not as the store last saw them." };
        Option<bool> offline = new("--offline") { Description = "Ask no remote: only what the store has." };
        Option<TimeSpan> wait = SharedOptions.Of("--wait", "Wait so long while another process works on the store, when something must be fetched.", "TIME", Quantities.ParseDuration, "1h");
        Option<string?> report = new("--report") { HelpName = "FILE.jsonl", Description = "Write one JSON object a workspace; '-' is standard output." };
        Option<int> jobs = new("--jobs") { HelpName = "N", Description = "With --list: workspaces made at once.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Option<string> store = SharedOptions.Store();
        Command command = new("add", "Make workspaces. Prints the path of each. What the store lacks is fetched, never shallow.")
        {
            url, list, commit, path, branch, sparse, lfs, submodules, fresh, offline, wait, report, jobs, store,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(url) is { Tokens.Count: > 0 } == result.GetResult(list) is { Implicit: false })
            {
                result.AddError("Give a URL, or --list and a file.");
            }
        });
        command.SetAction((parsed, cancellation) => new WorkspaceAddRun(terminal, clock)
        {
            Url = parsed.GetValue(url),
            ListPath = parsed.GetValue(list),
            Commit = parsed.GetValue(commit),
            Folder = parsed.GetValue(path),
            Branch = parsed.GetValue(branch),
            Sparse = parsed.GetValue(sparse) ?? [],
            Lfs = parsed.GetValue(lfs),
            Submodules = parsed.GetValue(submodules),
            Fresh = parsed.GetValue(fresh),
            Offline = parsed.GetValue(offline),
            Wait = parsed.GetResult(wait) is { Implicit: false } ? parsed.GetValue(wait) : TimeSpan.FromHours(1),
            ReportPath = parsed.GetValue(report),
            Jobs = parsed.GetValue(jobs),
            StorePath = parsed.GetRequiredValue(store),
        }.RunAsync(cancellation));
        return command;
    }
}
