namespace Actors.Git.Remotes;

/// <summary>What to do when all haves are sent and the server has not said <c>ready</c>.</summary>
public enum NothingInCommon
{
    /// <summary>Say <c>done</c> and take what comes: the whole history, or what the acknowledged haves leave of it.</summary>
    FetchAll,

    /// <summary>End without a pack; the result tells which haves were acknowledged.</summary>
    Stop,
}
