using Actors.Git.Objects;

namespace Actors.Store.ExtIds;

/// <summary>That an external id stands for an object. One id may stand for several (the same archive in both eras), one object has several ids.</summary>
/// <param name="Id">The external id.</param>
/// <param name="Target">The object, or the null oid: it is known that nothing can be made of it (an archive without metadata).</param>
/// <param name="Type">The object's type; <see cref="ObjectType.None"/> for the null oid.</param>
public readonly record struct ExtIdLink(ExtId Id, Oid Target, ObjectType Type)
{
    /// <summary>Whether it says that nothing can be made of it.</summary>
    public bool IsNegative => Target.IsZero;

    internal void Check()
    {
        if (!Id.IsSound || Target.IsZero != (Type == ObjectType.None))
        {
            throw new ArgumentException($"'{Id}' is no external id of an object.");
        }
    }
}
