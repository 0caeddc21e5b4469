using Actors.TestKit.Git;

namespace Actors.Benchmarks.Chaos;

/// <summary>A repository of a hostile forge, and all that it has ever shown.</summary>
internal sealed class ChaosRepository
{
    private readonly Lock _gate = new();
    private readonly GitFixture _source;
    private readonly List<(DateTimeOffset From, DateTimeOffset? Until, string Refs)> _shown = [];
    private int _branches;

    public ChaosRepository(string url, string forge, GitFixture source)
    {
        (Url, Forge, _source) = (url, forge, source);
        _shown.Add((DateTimeOffset.MinValue, null, ReadRefs()));
    }

    public string Url { get; }

    public string Forge { get; }

    public GitFixture Source => _source;

    /// <summary>What it shows now.</summary>
    public string Refs
    {
        get
        {
            lock (_gate)
            {
                return _shown[^1].Refs;
            }
        }
    }

    /// <summary>Whether it showed these refs at some time between two.</summary>
    public bool MayHaveShown(string refs, DateTimeOffset from, DateTimeOffset until)
    {
        lock (_gate)
        {
            return _shown.Exists(shown => shown.From <= until && (shown.Until is not { } end || end >= from) && shown.Refs == refs);
        }
    }

    /// <summary>Its owner does something: mostly a push, sometimes a rewrite, a branch more or less. One ref changes at a time.</summary>
    public void Change(Random random)
    {
        DateTimeOffset from = DateTimeOffset.UtcNow;
        switch (random.Next(12))
        {
            case 0:
                // In one step: a reader sees the old history or the new one.
                _source.SetRef("main", _source.Git.Run("commit-tree", "-p", "main~1", "-m", $"Rewritten {random.Next()}", "main~1^{tree}"));
                break;
            case 1:
                _source.SetRef($"refs/heads/b{++_branches}", "main~1");
                break;
            case 2 when _branches > 0:
                _source.DeleteRef($"refs/heads/b{_branches--}");
                break;
            default:
                _source.AddHistory(1 + random.Next(3));
                break;
        }

        string refs = ReadRefs();
        DateTimeOffset until = DateTimeOffset.UtcNow;
        lock (_gate)
        {
            // While git works, a reader may see either.
            (DateTimeOffset before, _, string old) = _shown[^1];
            _shown[^1] = (before, until, old);
            _shown.Add((from, null, refs));
        }
    }

    public static string Text(IEnumerable<(string Name, string Oid)> refs) => string.Join('\n', refs.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => $"{one.Name} {one.Oid}"));

    private string ReadRefs() => Text(_source.Refs);
}
