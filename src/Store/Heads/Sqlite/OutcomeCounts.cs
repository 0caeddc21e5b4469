namespace Actors.Store.Heads.Sqlite;

/// <summary>Repositories by the outcome of their last visit. A batch gathers its changes and adds them once.</summary>
internal sealed class OutcomeCounts(HeadConnection connection)
{
    private static readonly int Length = OutcomeNames.All.Max(o => (int)o) + 1;

    private readonly Statement _read = connection.Prepare("SELECT outcome, repositories FROM outcome_count");

    private readonly Statement _add = connection.Prepare(
        "INSERT INTO outcome_count (outcome, repositories) VALUES (?1, ?2) ON CONFLICT (outcome) DO UPDATE SET repositories = repositories + ?2");

    private readonly long[] _changes = new long[Length];

    public long[] Read()
    {
        long[] counts = new long[Length];
        while (_read.Step())
        {
            long outcome = _read.Number(0);
            // A later version may know more outcomes.
            if (outcome >= 0 && outcome < Length)
            {
                counts[outcome] = _read.Number(1);
            }
        }

        _read.Reset();
        return counts;
    }

    public void Added(Outcome outcome) => _changes[(int)outcome]++;

    public void Changed(Outcome before, Outcome after)
    {
        _changes[(int)before]--;
        _changes[(int)after]++;
    }

    /// <summary>Writes what was gathered.</summary>
    public void Flush()
    {
        for (int outcome = 0; outcome < Length; outcome++)
        {
            if (_changes[outcome] != 0)
            {
                _add.Bind(1, outcome).Bind(2, _changes[outcome]).Run();
            }
        }

        Forget();
    }

    /// <summary>Drops what was gathered: its transaction is undone.</summary>
    public void Forget() => Array.Clear(_changes);
}
