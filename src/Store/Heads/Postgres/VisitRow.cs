namespace Actors.Store.Heads.Postgres;

/// <summary>A visit as the log keeps it.</summary>
/// <param name="Place">Where in the log.</param>
/// <param name="Repository">Its repository's number.</param>
/// <param name="Before">Place of the same repository's visit before; 0: none.</param>
/// <param name="HeadsBefore">Empty: the heads are as before; <see cref="FirstHeads"/>; else the id that the visit replaced.</param>
/// <param name="Visit">The visit, numbered.</param>
internal readonly record struct VisitRow(long Place, long Repository, long Before, byte[] HeadsBefore, Visit Visit)
{
    /// <summary>The visit brought the repository's first heads.</summary>
    public static byte[] FirstHeads { get; } = [0];

    /// <summary>Whether it has what most visits do not have, and so a row in <c>visit_more</c>.</summary>
    public bool HasMore => Visit is not { Objects: 0, CloneBytes: null, RetryAt: null, MovedTo: null, Error: null };
}
