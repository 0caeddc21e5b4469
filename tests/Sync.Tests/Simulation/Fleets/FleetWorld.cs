using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Web.Forges;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>The truth: what each name of each forge shows, and how that changes.</summary>
internal sealed class FleetWorld
{
    private static readonly RefName[] Branches = [.. Enumerable.Range(0, 4).Select(number => RefName.Parse(number == 0 ? "refs/heads/main" : $"refs/heads/b{number}"))];
    private static readonly RefName[] Flood = [.. Enumerable.Range(0, 200).Select(number => RefName.Parse($"refs/tags/t{number}"))];

    private readonly Random _random;
    private readonly Dictionary<RepositoryUrl, FleetName> _names = [];
    private readonly List<FleetName> _all = [];
    private int _changes;
    private int _renames;

    public FleetWorld(FleetOptions options, int seed, DateTimeOffset start)
    {
        _random = new Random(seed);
        for (int number = 0; number < options.Hosts; number++)
        {
            ForgeAccent accent = (ForgeAccent)_random.Next(6);
            ForgeScript script = new(options.Script(_random, accent), _random.Next());
            FleetHost host = new(ForgeHost.Parse($"forge{number}.example"), script, accent, new ServerProfile(_random.Next(4) == 0 ? 1 : 2, WaitForDone: _random.Next(2) == 0));
            if (_random.NextDouble() < options.DownShare)
            {
                DateTimeOffset from = start.AddSeconds(_random.Next(0, 30));
                host.Down = (from, from.AddSeconds(_random.Next(1, 40)));
            }

            Hosts.Add(host.Name, host);
            for (int repository = _random.Next(1, options.RepositoriesPerHost + 1); repository > 0; repository--)
            {
                FleetName name = Name(host, $"r/{repository}");
                List.Add(name);
                name.Show(new FleetState(start, _random.Next(12) == 0 ? null : NewRepository(), null));
            }
        }
    }

    public Dictionary<ForgeHost, FleetHost> Hosts { get; } = [];

    /// <summary>Names that the campaign's list has.</summary>
    public List<FleetName> List { get; } = [];

    public FleetName? Find(RepositoryUrl url) => _names.GetValueOrDefault(url);

    /// <summary>Something happens somewhere.</summary>
    public void Change(DateTimeOffset now)
    {
        FleetName name = _all[_random.Next(_all.Count)];
        if (name.Now.Refs is not { } refs)
        {
            // Somebody takes the name over, whether it was deleted or its owner has moved.
            name.Show(new FleetState(now, NewRepository(), null));
            return;
        }

        switch (_random.Next(12))
        {
            case 0:
                name.Show(new FleetState(now, null, null));
                break;
            case 1:
                FleetName moved = Name(name.Host, $"moved/{++_renames}");
                moved.Show(new FleetState(now, refs, null));
                name.Show(new FleetState(now, null, moved));
                break;
            default:
                name.Show(new FleetState(now, Pushed(refs), null));
                break;
        }
    }

    private FleetName Name(FleetHost host, string path)
    {
        FleetName name = new(RepositoryUrl.Parse($"https://{host.Name}/{path}"), host);
        _names.Add(name.Url, name);
        _all.Add(name);
        return name;
    }

    private FleetRefs NewRepository()
    {
        int history = _random.Next(FleetHistories.Count);
        return Refs([.. Branches.Take(_random.Next(0, 4)).Select(name => (name, Commit(history, _random.Next(4) == 0)))]);
    }

    private FleetCommit Commit(int history, bool isRewrite) => FleetHistories.Find(history, _random.Next(FleetHistories.Length), isRewrite);

    private FleetRefs Pushed(FleetRefs before)
    {
        if (before.Branches.Count == 0)
        {
            return NewRepository();
        }

        List<(RefName Name, FleetCommit Commit)> branches = [.. before.Branches];
        int place = _random.Next(branches.Count);
        (RefName name, FleetCommit commit) = branches[place];
        switch (_random.Next(8))
        {
            case 0 when branches.Count > 1:
                branches.RemoveAt(place);
                break;
            case 1 when branches.Count < Branches.Length:
                branches.Add((Branches.First(branch => branches.TrueForAll(known => known.Name != branch)), Commit(commit.History, false)));
                break;
            case 2 when branches.Count <= Branches.Length && _random.Next(4) == 0:
                branches.AddRange(Flood.Select(tag => (tag, Commit(commit.History, _random.Next(8) == 0))));
                break;
            case 3:
                // A force-push: back, or to a rewrite.
                branches[place] = (name, Commit(commit.History, true));
                break;
            case 4:
                // Begun anew with something unrelated.
                branches[place] = (name, Commit(_random.Next(FleetHistories.Count), false));
                break;
            default:
                branches[place] = (name, FleetHistories.Find(commit.History, Math.Min(FleetHistories.Length - 1, commit.Place + _random.Next(1, 4)), false));
                break;
        }

        return Refs(branches);
    }

    private FleetRefs Refs(IReadOnlyList<(RefName Name, FleetCommit Commit)> branches) => new(++_changes, branches);
}
