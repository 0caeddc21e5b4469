namespace Actors.Sync.Repositories;

/// <summary>Which places of a line of history are asked for. Pure; places count from the head, 0.</summary>
internal static class HaveSampling
{
    /// <summary>Every place near the head, then ever fewer: a half more each time, and the last one.</summary>
    /// <param name="length">Places of the line.</param>
    public static IReadOnlyList<int> Spread(int length)
    {
        var places = new List<int>();
        for (int place = 0; place < length; place += Math.Max(1, place / 3))
        {
            places.Add(place);
        }

        if (length > 0 && places[^1] != length - 1)
        {
            places.Add(length - 1);
        }

        return places;
    }

    /// <summary>At most <see cref="Limits.BisectPlacesMax"/> places strictly between two, evenly.</summary>
    public static IReadOnlyList<int> Between(int lacking, int common)
    {
        int gap = common - lacking - 1;
        if (gap <= 0)
        {
            return [];
        }

        int step = (gap + Limits.BisectPlacesMax - 1) / Limits.BisectPlacesMax;
        var places = new List<int>();
        for (int place = lacking + step; place < common; place += step)
        {
            places.Add(place);
        }

        return places;
    }
}
