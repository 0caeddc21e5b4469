using Actors.Git.Objects;

namespace Actors.Store.Checks;

/// <summary>One thing that is wrong with a store.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Where">The pack or the repository.</param>
/// <param name="Oid">The object, if it is about one.</param>
/// <param name="Message">For a person.</param>
public sealed record StoreProblem(StoreProblemKind Kind, string Where, Oid? Oid, string Message)
{
    public override string ToString() => $"{Where}: {Message}";
}
