namespace Actors.Web.Api;

/// <summary>Which API this is. The contract only grows; each growth that a client may need counts the revision up.</summary>
internal static class ApiRevision
{
    public const string Name = "actors";

    public const int Current = 1;
}
