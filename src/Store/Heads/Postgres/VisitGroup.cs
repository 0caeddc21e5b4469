using Actors.Git.Remotes;

namespace Actors.Store.Heads.Postgres;

/// <summary>
/// Visits that are recorded in one transaction. What each leaves behind is computed here, from the rows that the transaction
/// holds, by the rule of all head stores (<see cref="RepositoryState.After"/>).
/// </summary>
internal sealed class VisitGroup
{
    private static readonly int Outcomes = OutcomeNames.All.Max(o => (int)o) + 1;

    private readonly IReadOnlyList<Visit> _visits;
    private readonly HeldRepository[] _repositoryOf;

    /// <exception cref="ArgumentException">A campaign with a number that none can have.</exception>
    public VisitGroup(IReadOnlyList<Visit> visits)
    {
        _visits = visits;
        Dictionary<RepositoryUrl, HeldRepository> byUrl = new(visits.Count);
        _repositoryOf = new HeldRepository[visits.Count];
        for (int i = 0; i < visits.Count; i++)
        {
            RepositoryUrl url = visits[i].Url;
            if (visits[i].Campaign.Number is < 0 or > int.MaxValue)
            {
                throw new ArgumentException($"There is no campaign {visits[i].Campaign}.");
            }

            if (!byUrl.TryGetValue(url, out HeldRepository? repository))
            {
                byUrl.Add(url, repository = new HeldRepository(RepositoryKey.Of(url), url));
            }

            _repositoryOf[i] = repository;
        }

        Repositories = [.. byUrl.Values];
        Array.Sort(Repositories, (a, b) => RepositoryKey.Compare(a.Key, b.Key));
    }

    /// <summary>The repositories visited, each once, in order of their keys.</summary>
    public HeldRepository[] Repositories { get; }

    public int VisitsCount => _visits.Count;

    /// <summary>What to add to the number of repositories of each outcome.</summary>
    public long[] OutcomeChanges { get; } = new long[Outcomes];

    /// <summary>Takes the visits in, in their order, at these places of the log.</summary>
    public VisitRow[] Apply(long[] places)
    {
        VisitRow[] rows = new VisitRow[_visits.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            (Visit visit, HeldRepository repository) = (_visits[i], _repositoryOf[i]);
            RepositoryState before = repository.State;
            RepositoryState after = before.After(visit);
            long previous = repository.LastVisit;
            if (repository.Number != 0)
            {
                OutcomeChanges[(int)before.Outcome]--;
            }

            OutcomeChanges[(int)after.Outcome]++;
            repository.Take(after, places[i]);
            byte[] headsBefore = before.Snapshot == after.Snapshot ? [] : before.Snapshot is { } heads ? HeadValues.Bytes(heads) : VisitRow.FirstHeads;
            rows[i] = new VisitRow(places[i], repository.Number, previous, headsBefore, visit.Kept(after.Visit, after.Snapshot));
        }

        return rows;
    }
}
