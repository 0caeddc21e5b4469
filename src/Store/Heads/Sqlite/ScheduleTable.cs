using Actors.Git.Remotes;
using Actors.Store.Schedules;

namespace Actors.Store.Heads.Sqlite;

/// <summary>When repositories are visited next.</summary>
internal sealed class ScheduleTable(HeadConnection connection)
{
    private const string Columns = "s.queue, s.due_at, s.observed_at, s.told_at, s.listed_at, s.shape, s.exposure_days";

    private readonly Statement _find = connection.Prepare($"SELECT {Columns} FROM schedule s WHERE s.repository = ?1");

    private readonly Statement _due = connection.Prepare(
        $"SELECT {Columns}, r.url, s.repository FROM schedule s JOIN repository r ON r.number = s.repository WHERE s.queue = ?1 AND s.due_at <= ?2 ORDER BY s.due_at LIMIT ?3");

    private readonly Statement _from = connection.Prepare(
        $"SELECT {Columns}, r.url, s.repository FROM schedule s JOIN repository r ON r.number = s.repository WHERE s.repository >= ?1 ORDER BY s.repository LIMIT 1");

    private readonly Statement _take = connection.Prepare("UPDATE schedule SET due_at = ?2 WHERE repository = ?1");
    private readonly Statement _last = connection.Prepare("SELECT max(repository) FROM schedule");

    private readonly Statement _figures = connection.Prepare(
        "SELECT queue, count(*), sum(due_at <= ?1), min(due_at) FROM schedule GROUP BY queue ORDER BY queue");

    private readonly Statement _add = connection.Prepare(Insert("IGNORE"));
    private readonly Statement _replace = connection.Prepare(Insert("REPLACE"));

    public ScheduledVisit? Find(long repository, RepositoryUrl url)
    {
        ScheduledVisit? found = _find.Bind(1, repository).Step() ? Read(_find, url) : null;
        _find.Reset();
        return found;
    }

    public void Write(long repository, ScheduledVisit visit, bool replace) => (replace ? _replace : _add)
        .Bind(1, repository)
        .Bind(2, (long)visit.Queue)
        .Bind(3, HeadTime.ToNumber(visit.DueAt))
        .Bind(4, HeadTime.ToNumber(visit.ObservedAt))
        .Bind(5, HeadTime.ToNumber(visit.ToldAt))
        .Bind(6, HeadTime.ToNumber(visit.ListedAt))
        .Bind(7, BitConverter.SingleToInt32Bits(visit.Shape))
        .Bind(8, BitConverter.SingleToInt32Bits(visit.ExposureDays))
        .Run();

    public List<ScheduledVisit> Take(ScheduleQueue queue, DateTimeOffset now, DateTimeOffset lostAt, int most)
    {
        List<(ScheduledVisit Visit, long Repository)> due = [];
        _ = _due.Bind(1, (long)queue).Bind(2, HeadTime.ToNumber(now)).Bind(3, most);
        while (_due.Step())
        {
            due.Add((Read(_due, RepositoryUrl.Parse(_due.Text(7)!)), _due.Number(8)));
        }

        _due.Reset();
        foreach ((_, long repository) in due)
        {
            _take.Bind(1, repository).Bind(2, HeadTime.ToNumber(lostAt)).Run();
        }

        return [.. due.Select(one => one.Visit)];
    }

    public List<ScheduleFigures> ReadFigures(DateTimeOffset now)
    {
        List<ScheduleFigures> figures = [];
        _ = _figures.Bind(1, HeadTime.ToNumber(now));
        while (_figures.Step())
        {
            figures.Add(new ScheduleFigures((ScheduleQueue)_figures.Number(0), _figures.Number(1), _figures.Number(2), HeadTime.FromNumber(_figures.Number(3))));
        }

        _figures.Reset();
        return figures;
    }

    public List<ScheduledVisit> Sample(int most)
    {
        List<ScheduledVisit> sample = [];
        long last = _last.Step() ? _last.NumberOrNull(0) ?? 0 : 0, next = 1;
        _last.Reset();
        long step = Math.Max(1, last / Math.Max(1, most));
        while (sample.Count < most && next <= last && _from.Bind(1, next).Step())
        {
            sample.Add(Read(_from, RepositoryUrl.Parse(_from.Text(7)!)));
            next = Math.Max(next + step, _from.Number(8) + 1);
            _from.Reset();
        }

        _from.Reset();
        return sample;
    }

    private static string Insert(string otherwise) =>
        $"INSERT OR {otherwise} INTO schedule (repository, queue, due_at, observed_at, told_at, listed_at, shape, exposure_days) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

    private static ScheduledVisit Read(Statement row, RepositoryUrl url) => new()
    {
        Url = url,
        Queue = (ScheduleQueue)row.Number(0),
        DueAt = HeadTime.FromNumber(row.Number(1)),
        ObservedAt = HeadTime.FromNumber(row.NumberOrNull(2)),
        ToldAt = HeadTime.FromNumber(row.NumberOrNull(3)),
        ListedAt = HeadTime.FromNumber(row.NumberOrNull(4)),
        Shape = BitConverter.Int32BitsToSingle((int)row.Number(5)),
        ExposureDays = BitConverter.Int32BitsToSingle((int)row.Number(6)),
    };
}
