namespace Actors.Loaders.Objects;

/// <summary>How a release of a package is told in git objects. Both are Software Heritage's; the same package has other ids in each.</summary>
public enum Era
{
    /// <summary>A release is a commit without parents (Software Heritage v0.0.49 to v0.25.0).</summary>
    Revision,

    /// <summary>A release is an annotated tag of its tree (Software Heritage v1.1.0 to today).</summary>
    Release,
}
