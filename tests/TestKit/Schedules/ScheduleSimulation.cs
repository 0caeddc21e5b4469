namespace Actors.TestKit.Schedules;

/// <summary>
/// A year of visits to modelled repositories by a policy, with a budget that is always spent: so many visits each hour. Every policy
/// meets the same changes.
/// </summary>
public static class ScheduleSimulation
{
    /// <param name="options">The repositories.</param>
    /// <param name="visitsADay">Budget, for each repository on average.</param>
    /// <param name="policy">Chooses.</param>
    public static ScheduleOutcome Run(ChangeModelOptions options, double visitsADay, IVisitPolicy policy)
    {
        // Known ones first, then new ones in the order in which they come.
        ChangingRepository[] repositories =
            [.. Enumerable.Range(0, options.Repositories).Select(number => new ChangingRepository(options, number)).OrderBy(one => one.BeganAt)];
        Count count = new();
        int known = 0, hours = (int)(options.Days * 24);
        double owed = 0;
        List<int> picked = [];
        for (int hour = 0; hour <= hours; hour++)
        {
            double day = hour / 24.0;
            for (; known < repositories.Length && repositories[known].BeganAt <= day; known++)
            {
                policy.Added(known, day, visited: repositories[known].BeganAt == 0);
            }

            if (hour % 24 == 0)
            {
                List(repositories.AsSpan(0, known), day, policy);
            }

            owed += options.Repositories * visitsADay / 24;
            picked.Clear();
            policy.Pick(day, (int)owed, picked);
            owed -= (int)owed;
            foreach (int number in picked)
            {
                policy.Visited(number, day, count.Visit(repositories[number], day));
            }
        }

        return count.End(repositories, options);
    }

    private static void List(ReadOnlySpan<ChangingRepository> repositories, double day, IVisitPolicy policy)
    {
        for (int number = 0; number < repositories.Length; number++)
        {
            if (repositories[number].IsListed)
            {
                repositories[number].Advance(day);
                policy.Listed(number, day, repositories[number].UpdatedAt);
            }
        }
    }

    private sealed class Count
    {
        private readonly List<double> _waits = [];
        private long _visits;
        private long _found;
        private long _changes;
        private double _lag;
        private double _changeLag;
        private long _firsts;
        private double _firstWaits;

        public bool Visit(ChangingRepository repository, double day)
        {
            _visits++;
            repository.Advance(day);
            if (double.IsNaN(repository.UnseenSince))
            {
                return false;
            }

            _found++;
            Close(repository, day);
            return true;
        }

        public ScheduleOutcome End(ChangingRepository[] repositories, ChangeModelOptions options)
        {
            foreach (ChangingRepository repository in repositories)
            {
                repository.Advance(options.Days);
                if (!double.IsNaN(repository.UnseenSince))
                {
                    Close(repository, options.Days);
                }
            }

            _waits.Sort();
            return new ScheduleOutcome(
                _visits, _found, _lag / options.Days / repositories.Length, _waits[_waits.Count * 9 / 10], _changeLag / _changes, _firsts == 0 ? 0 : _firstWaits / _firsts);
        }

        private void Close(ChangingRepository repository, double day)
        {
            double wait = day - repository.UnseenSince;
            _lag += wait * wait / 2;
            _waits.Add(wait);
            _changes += repository.UnseenChanges;
            _changeLag += (day * repository.UnseenChanges) - repository.UnseenTimes;
            if (repository.BeganAt > 0 && repository.UnseenSince == repository.BeganAt)
            {
                _firsts++;
                _firstWaits += wait;
            }

            repository.See();
        }
    }
}
