namespace Actors.Client.Demos;

/// <summary>A line of the hostile demo's list, and what is true of it.</summary>
/// <param name="Url">As the list has it.</param>
/// <param name="Forge">Whose it is; empty: nobody's.</param>
/// <param name="Folder">The repository that it shows in the end; null: none.</param>
internal sealed record HostileName(string Url, string Forge, string? Folder)
{
    /// <summary>Ids that it once showed and does not any more: the store keeps them.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];
}
