using System.Text;
using Actors.Git.Remotes;

namespace Actors.Store.Heads.Sqlite;

/// <summary>Reads the repositories of a connection. What was visited one after the other is read so: one scan, not a search for each.</summary>
internal sealed class RepositoryTable(HeadConnection connection)
{
    private const string Columns =
        "number, url, visits, last_visit, visited_at, outcome, campaign, succeeded_at, failures, retry_at, snapshot, snapshot_id, digest, clone_bytes, moved_to, evidence";

    private readonly Statement _scan = connection.Prepare($"SELECT {Columns} FROM repository WHERE number >= ?1 ORDER BY number");
    private readonly Statement _page = connection.Prepare($"SELECT {Columns} FROM repository WHERE number > ?1 ORDER BY number LIMIT ?2");
    private readonly Statement _byHash = connection.Prepare("SELECT repository FROM repository_url WHERE hash = ?1");

    private byte[] _url = new byte[1024];

    /// <summary>Whether <see cref="_scan"/> stands on a row.</summary>
    private bool _onRow;

    /// <summary>
    /// The row of a URL, or null. Looks first at the row after the one found before: a list is mostly asked for in the
    /// order in which it was recorded. Keeps a read open until <see cref="EndScan"/>.
    /// </summary>
    public RepositoryRow? Find(RepositoryUrl url, long? likely)
    {
        ReadOnlySpan<byte> text = Utf8(url);
        bool found = IsOn(text) || (likely is { } number && Seek(number) && IsOn(text)) || Search(text);
        return found ? Take(url) : null;
    }

    /// <summary>The row of that number, which is known to be the URL's.</summary>
    public RepositoryRow Read(long number, RepositoryUrl url)
    {
        try
        {
            return Seek(number)
                ? Row(_scan, url)
                : throw new HeadStoreException(connection.Path, $"The head database is damaged: repository {number} is missing");
        }
        finally
        {
            EndScan();
        }
    }

    public void EndScan()
    {
        _scan.Reset();
        _onRow = false;
    }

    /// <summary>The next rows after <paramref name="after"/>.</summary>
    public List<RepositoryRow> Page(long after, int rowsMax)
    {
        List<RepositoryRow> rows = [];
        _ = _page.Bind(1, after).Bind(2, rowsMax);
        while (_page.Step())
        {
            rows.Add(Row(_page, RepositoryUrl.Parse(_page.Text(1)!)));
        }

        _page.Reset();
        return rows;
    }

    private RepositoryRow Take(RepositoryUrl url)
    {
        RepositoryRow row = Row(_scan, url);
        _onRow = _scan.Step();
        return row;
    }

    private ReadOnlySpan<byte> Utf8(RepositoryUrl url)
    {
        string text = url.ToString();
        if (_url.Length < Encoding.UTF8.GetMaxByteCount(text.Length))
        {
            _url = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        }

        return _url.AsSpan(0, Encoding.UTF8.GetBytes(text, _url));
    }

    private bool IsOn(ReadOnlySpan<byte> url) => _onRow && _scan.Bytes(1).SequenceEqual(url);

    private bool Seek(long number)
    {
        _scan.Reset();
        return _onRow = _scan.Bind(1, number).Step() && _scan.Number(0) == number;
    }

    /// <summary>Stands on the URL's row after it, or says that there is none.</summary>
    private bool Search(ReadOnlySpan<byte> url)
    {
        _ = _byHash.Bind(1, UrlKey.Of(url));
        bool found = false;
        // More than one row for two URLs of one hash: chance makes none, but an answer must be right.
        while (!found && _byHash.Step())
        {
            found = Seek(_byHash.Number(0)) && IsOn(url);
        }

        _byHash.Reset();
        return found;
    }

    private static RepositoryRow Row(Statement row, RepositoryUrl url) => new(
        row.Number(0),
        new RepositoryState
        {
            Url = url,
            Visit = row.Number(2),
            VisitedAt = HeadTime.FromNumber(row.NumberOrNull(4)) ?? default,
            Outcome = (Outcome)row.Number(5),
            Campaign = new CampaignId(row.Number(6)),
            SucceededAt = HeadTime.FromNumber(row.NumberOrNull(7)),
            Failures = (int)row.Number(8),
            RetryAt = HeadTime.FromNumber(row.NumberOrNull(9)),
            Snapshot = row.IsNull(11) ? null : SnapshotId.FromBytes(row.Bytes(11)),
            Digest = row.IsNull(12) ? default : Digests.Read(row.Bytes(12)),
            CloneBytes = row.NumberOrNull(13),
            MovedTo = row.Text(14) is { } movedTo ? RepositoryUrl.Parse(movedTo) : null,
            Evidence = row.IsNull(15) ? RepositoryEvidence.None : RepositoryEvidence.Parse(row.Text(15)),
        },
        row.NumberOrNull(10),
        row.NumberOrNull(3));
}
