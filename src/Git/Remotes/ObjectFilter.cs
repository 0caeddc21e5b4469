namespace Actors.Git.Remotes;

/// <summary>What a fetch leaves out (git-rev-list, <c>--filter</c>).</summary>
public enum ObjectFilter
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary><c>blob:none</c>: commits, trees and tags; of the blobs, those that are wanted themselves.</summary>
    BlobNone,

    /// <summary><c>tree:0</c>: commits and tags.</summary>
    TreeNone,
}
