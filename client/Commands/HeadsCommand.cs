using System.CommandLine;
using System.Text.Json;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.WorldOfCode;
using Actors.Web.Api;
using Actors.Web.Clients;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary><c>actors heads</c>: refs as last committed, of one repository or all.</summary>
internal static class HeadsCommand
{
    private const int ImportBatch = 1000;

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<RepositoryUrl?> url = new("URL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "One repository; without it, all of the store.",
            CustomParser = result => SharedOptions.Parsed(result, text => (RepositoryUrl?)RepositoryUrl.Parse(ShortForms.Expand(text))),
        };
        Option<string> format = new("--format")
        {
            HelpName = "ls-remote|woc|jsonl",
            Description = "As git ls-remote prints them; as World of Code's url;oid;oid…; or one JSON object a repository.",
            DefaultValueFactory = _ => "ls-remote",
        };
        format.AcceptOnlyFromAmong("ls-remote", "woc", "jsonl");
        PlaceOptions place = new();
        Command command = new("heads", "Print refs as last committed.") { url, format };
        place.AddTo(command);
        command.SetAction((parsed, cancellation) => place.ClusterOf(parsed) is { } cluster
            ? RunOnClusterAsync(terminal, clock, cluster, parsed.GetValue(url), parsed.GetRequiredValue(format), cancellation)
            : RunOnStoreAsync(terminal, clock, place.StoreOf(parsed), parsed.GetValue(url), parsed.GetRequiredValue(format), cancellation));
        command.Add(CreateImport(terminal, clock));
        return command;
    }

    private static Command CreateImport(Terminal terminal, TimeProvider clock)
    {
        Argument<string> file = new("FILE") { Description = "World of Code's heads file, plain or gzip; '-' is standard input." };
        Option<string> store = SharedOptions.Store();
        Command command = new("import", "Take over repositories and heads from World of Code's heads file. They are shown until the first sync, never offered as had.") { file, store };
        command.SetAction((parsed, cancellation) => ImportAsync(terminal, clock, parsed.GetRequiredValue(store), parsed.GetRequiredValue(file), cancellation));
        return command;
    }

    private static async Task<int> RunOnStoreAsync(Terminal terminal, TimeProvider clock, string path, RepositoryUrl? url, string format, CancellationToken cancellationToken)
    {
        await using ReadingStore store = await ReadingStore.OpenAsync(path, clock, cancellationToken);
        if (url is { } one)
        {
            RepositoryState state = (await store.Heads.FindAsync([one], cancellationToken))[0]
                ?? throw new UserErrorException($"{one} was never visited with this store");
            Print(terminal, await ReadAsync(store.Heads, state, format, cancellationToken), format, alone: true);
        }
        else
        {
            await foreach (RepositoryState state in store.Heads.ListAsync(cancellationToken))
            {
                Print(terminal, await ReadAsync(store.Heads, state, format, cancellationToken), format, alone: false);
            }
        }

        await terminal.Lines.FlushAsync(cancellationToken);
        return ExitCode.AllWell;
    }

    private static async Task<int> RunOnClusterAsync(Terminal terminal, TimeProvider clock, ApiClientOptions cluster, RepositoryUrl? url, string format, CancellationToken cancellationToken)
    {
        using ApiClient api = new(cluster, clock);
        await api.GreetAsync(cancellationToken);
        if (url is { } one)
        {
            RepositoryHeads heads = await api.FindHeadsAsync(one, cancellationToken) ?? throw new UserErrorException($"{one} was never visited by the cluster");
            Print(terminal, heads, format, alone: true);
        }
        else
        {
            await foreach (RepositoryHeads heads in api.ListHeadsAsync(cancellationToken))
            {
                Print(terminal, heads, format, alone: false);
            }
        }

        await terminal.Lines.FlushAsync(cancellationToken);
        return ExitCode.AllWell;
    }

    private static async Task<RepositoryHeads> ReadAsync(IHeadStore heads, RepositoryState state, string format, CancellationToken cancellationToken)
    {
        Snapshot? snapshot = state.Snapshot is { } id ? await heads.ReadSnapshotAsync(id, cancellationToken) : null;
        return new RepositoryHeads(state, snapshot, snapshot is null && format == "woc" ? await heads.FindImportedAsync(state.Url, cancellationToken) : null);
    }

    private static void Print(Terminal terminal, RepositoryHeads heads, string format, bool alone)
    {
        switch (format)
        {
            case "woc":
                terminal.Lines.WriteLine(heads.Imported is { } imported ? HeadsFile.Format(imported) : HeadsFile.Format(heads.State.Url, heads.Snapshot));
                break;
            case "jsonl":
                WriteJson(terminal, heads.State, heads.Snapshot);
                break;
            default:
                WriteLsRemote(terminal.Lines, heads.State, heads.Snapshot, alone);
                break;
        }
    }

    /// <summary>As git ls-remote: HEAD first, the rest by name, what a tag peels to after it. For many repositories, a line with the URL before each.</summary>
    private static void WriteLsRemote(TextWriter lines, RepositoryState state, Snapshot? snapshot, bool alone)
    {
        if (!alone)
        {
            lines.WriteLine($"# {state.Url}{(snapshot is null ? " (no heads)" : "")}");
        }

        foreach (SnapshotBranch branch in Ordered(snapshot))
        {
            lines.WriteLine($"{branch.Oid}\t{branch.Name}");
            if (branch.Peeled is { } peeled)
            {
                lines.WriteLine($"{peeled}\t{branch.Name}^{{}}");
            }
        }
    }

    private static void WriteJson(Terminal terminal, RepositoryState state, Snapshot? snapshot)
    {
        terminal.Lines.Flush();
        using (Utf8JsonWriter json = new(terminal.Output, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("url", state.Url.ToString());
            json.WriteString("snapshot", state.Snapshot?.ToString());
            json.WriteString("outcome", state.Visit == 0 ? "never visited" : state.Outcome.ToName());
            json.WriteString("visitedAt", state.Visit == 0 ? null : Quantities.Time(state.VisitedAt));
            SnapshotBranch? head = snapshot?.Branches.FirstOrDefault(b => b.Name == RefName.Head);
            json.WriteString("head", head?.AliasOf?.ToString());
            json.WriteStartObject("refs");
            foreach (SnapshotBranch branch in Ordered(snapshot))
            {
                json.WriteString(branch.Name.ToString(), branch.Oid.ToString());
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        terminal.Output.WriteByte((byte)'\n');
    }

    private static IEnumerable<SnapshotBranch> Ordered(Snapshot? snapshot) => snapshot is null
        ? []
        : snapshot.Branches.Where(b => b.Oid != Oid.Zero).OrderBy(b => b.Name == RefName.Head ? 0 : 1).ThenBy(b => b.Name);

    private static async Task<int> ImportAsync(Terminal terminal, TimeProvider clock, string path, string file, CancellationToken cancellationToken)
    {
        if (file != "-" && !File.Exists(file))
        {
            throw new UserErrorException($"there is no file '{file}'");
        }

        await using WorkingStore store = await WorkingStore.OpenAsync(path, clock, null, cancellationToken);
        await using Stream input = file == "-" ? terminal.Input : File.OpenRead(file);
        List<ImportedHeads> batch = [];
        long imported = 0;
        long bad = 0;
        await foreach (HeadsFileLine line in HeadsFile.ReadAsync(input, cancellationToken))
        {
            if (line.Heads is null)
            {
                bad++;
                terminal.Error.WriteLine($"line {line.Number}: {line.Error}");
                continue;
            }

            batch.Add(line.Heads);
            if (batch.Count == ImportBatch)
            {
                await store.Heads.ImportAsync(batch, cancellationToken);
                imported += batch.Count;
                batch.Clear();
            }
        }

        await store.Heads.ImportAsync(batch, cancellationToken);
        terminal.Screen.WriteLine($"{Quantities.Count(imported + batch.Count)} repositories imported, {Quantities.Count(bad)} bad lines");
        return bad > 0 ? ExitCode.SomeFailed : ExitCode.AllWell;
    }
}
