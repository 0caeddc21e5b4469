namespace Actors.Store.Catalogue;

/// <summary>A process that answers for ranges of the object index.</summary>
/// <param name="Id">Given when it registered.</param>
/// <param name="Endpoint">Where it is asked.</param>
/// <param name="Ranges">Of which ranges it has the runs.</param>
/// <param name="HeartbeatAt">When it last said that it lives.</param>
internal sealed record IndexProcess(long Id, string Endpoint, IReadOnlyList<int> Ranges, DateTimeOffset HeartbeatAt);
