namespace Actors.TestKit.Schedules;

/// <summary>Chooses which repositories are visited next. Times are days since the simulation began; repositories are numbers.</summary>
public interface IVisitPolicy
{
    /// <summary>A repository is there.</summary>
    /// <param name="repository">The next number.</param>
    /// <param name="day">When it came to be known.</param>
    /// <param name="visited">It was visited at that moment.</param>
    void Added(int repository, double day, bool visited);

    /// <summary>Its forge's listing says when it was last updated.</summary>
    void Listed(int repository, double day, double updatedDay);

    /// <summary>A visit ended.</summary>
    void Visited(int repository, double day, bool changed);

    /// <summary>The next to be visited, so many and none twice; fewer only where it must.</summary>
    void Pick(double day, int count, List<int> picked);
}
