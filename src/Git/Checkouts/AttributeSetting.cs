namespace Actors.Git.Checkouts;

/// <summary>One attribute as a line of <c>.gitattributes</c> sets it.</summary>
/// <param name="Name">The attribute, or a macro.</param>
/// <param name="Value">Its value; <see cref="True"/>, <see cref="False"/> or <see cref="Unspecified"/> without one.</param>
internal readonly record struct AttributeSetting(string Name, string Value)
{
    /// <summary><c>name</c>. No value that can be written: it begins with NUL.</summary>
    public const string True = "\0true";

    /// <summary><c>-name</c>.</summary>
    public const string False = "\0false";

    /// <summary><c>!name</c>.</summary>
    public const string Unspecified = "\0unspecified";
}
