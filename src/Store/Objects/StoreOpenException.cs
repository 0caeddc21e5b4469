namespace Actors.Store.Objects;

/// <summary>A store that cannot be opened: not there, of an unknown format, or being written by another process. The message is for people.</summary>
public sealed class StoreOpenException(string message) : IOException(message)
{
    /// <summary>True: another process writes it, so that trying again later helps.</summary>
    public bool IsBusy { get; init; }
}
