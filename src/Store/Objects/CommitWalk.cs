using System.Buffers.Text;
using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Store.Objects;

/// <summary>
/// Walks commits from newest to oldest and divides them into wanted and excluded ones, as git's own limiting of a revision
/// walk does: it stops when only excluded ones are left and none of them is newer than the last wanted one.
/// </summary>
internal sealed class CommitWalk(IObjectSource source, bool exact)
{
    /// <summary>Excluded commits looked at beyond the stop, against clocks that were wrong (git's revision.c, SLOP).</summary>
    private const int SlopCommits = 5;

    private readonly Dictionary<Oid, CommitMarks> _marks = [];
    private readonly PriorityQueue<Oid, (long NewestFirst, long Order)> _queue = new();
    private readonly List<Oid> _wanted = [];
    private int _wantedInQueue;
    private long _order;

    /// <summary>Wanted commits in the order of the walk, after <see cref="RunAsync"/>.</summary>
    public IEnumerable<Oid> Wanted => _wanted.Where(oid => !IsExcluded(oid));

    /// <summary>Excluded commits whose trees tell what the other side has: those where the walk began, their border with wanted ones; all, when exact.</summary>
    public HashSet<Oid> Border { get; } = [];

    public bool IsExcluded(Oid commit) => _marks.GetValueOrDefault(commit).HasFlag(CommitMarks.Excluded);

    /// <summary>Adds a commit to begin with.</summary>
    public void Begin(Oid oid, GitObject commit, bool excluded)
    {
        if (excluded)
        {
            _ = Border.Add(oid);
        }

        Add(oid, commit.Content.Span, excluded);
    }

    /// <exception cref="KeyNotFoundException">A wanted commit is not in the source.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long lastWanted = long.MaxValue;
        int slop = SlopCommits;
        while (_queue.TryDequeue(out Oid oid, out (long NewestFirst, long Order) priority))
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool excluded = IsExcluded(oid);
            _marks[oid] |= CommitMarks.Walked;
            if (!excluded)
            {
                _wantedInQueue--;
                _wanted.Add(oid);
                lastWanted = -priority.NewestFirst;
            }

            await AddParentsAsync(oid, excluded, cancellationToken).ConfigureAwait(false);
            if (exact || _wantedInQueue > 0 || (_queue.TryPeek(out _, out (long NewestFirst, long) next) && -next.NewestFirst >= lastWanted))
            {
                slop = SlopCommits;
            }
            else if (--slop <= 0)
            {
                break;
            }
        }
    }

    private async ValueTask AddParentsAsync(Oid oid, bool excluded, CancellationToken cancellationToken)
    {
        if (exact && excluded)
        {
            _ = Border.Add(oid);
        }

        foreach (Oid parent in await ReadParentsAsync(oid, excluded, cancellationToken).ConfigureAwait(false))
        {
            if (_marks.TryGetValue(parent, out CommitMarks marks))
            {
                if (excluded && !marks.HasFlag(CommitMarks.Excluded))
                {
                    await ExcludeAsync(parent, cancellationToken).ConfigureAwait(false);
                }
            }
            else if (await source.ReadAsync(parent, PackLimits.Default.ObjectBytesMax, cancellationToken).ConfigureAwait(false) is GitObject commit)
            {
                Add(parent, commit.Content.Span, excluded);
            }
            else if (!excluded)
            {
                throw new KeyNotFoundException($"Commit {parent}, parent of {oid}, is not here.");
            }

            if (!excluded && IsExcluded(parent))
            {
                _ = Border.Add(parent);
            }
        }
    }

    /// <summary>A commit that was thought wanted is not, nor are its ancestors as far as they were walked.</summary>
    private async ValueTask ExcludeAsync(Oid first, CancellationToken cancellationToken)
    {
        var open = new Stack<Oid>([first]);
        while (open.TryPop(out Oid oid))
        {
            CommitMarks marks = _marks.GetValueOrDefault(oid);
            if (marks == CommitMarks.None || marks.HasFlag(CommitMarks.Excluded))
            {
                continue;
            }

            _marks[oid] |= CommitMarks.Excluded;
            _ = Border.Add(oid);
            if (!marks.HasFlag(CommitMarks.Walked))
            {
                _wantedInQueue--;
                continue;
            }

            foreach (Oid parent in await ReadParentsAsync(oid, excluded: true, cancellationToken).ConfigureAwait(false))
            {
                open.Push(parent);
            }
        }
    }

    private async ValueTask<List<Oid>> ReadParentsAsync(Oid oid, bool excluded, CancellationToken cancellationToken)
    {
        GitObject? commit = await source.ReadAsync(oid, PackLimits.Default.ObjectBytesMax, cancellationToken).ConfigureAwait(false);
        var parents = new List<Oid>();
        if (commit?.Type == ObjectType.Commit)
        {
            ObjectReferences.Read(ObjectType.Commit, commit.Content.Span, reference =>
            {
                if (reference.Type == ObjectType.Commit)
                {
                    parents.Add(reference.Oid);
                }
            });
        }
        else if (!excluded)
        {
            throw new KeyNotFoundException($"Commit {oid} is not here.");
        }

        return parents;
    }

    private void Add(Oid oid, ReadOnlySpan<byte> content, bool excluded)
    {
        if (_marks.TryAdd(oid, excluded ? CommitMarks.Excluded : CommitMarks.Wanted))
        {
            _wantedInQueue += excluded ? 0 : 1;
            _queue.Enqueue(oid, (-ReadDate(content), _order++));
        }
    }

    /// <summary>Seconds of the <c>committer</c> line; 0 where they cannot be read, which only makes the walk longer.</summary>
    private static long ReadDate(ReadOnlySpan<byte> content)
    {
        int start = content.IndexOf("\ncommitter "u8);
        ReadOnlySpan<byte> line = start < 0 ? default : content[(start + 1)..];
        int end = line.IndexOf((byte)'\n');
        line = end < 0 ? line : line[..end];
        int zone = line.LastIndexOf((byte)' ');
        line = zone < 0 ? default : line[..zone];
        return Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out long seconds, out _) ? Math.Max(0, seconds) : 0;
    }
}
