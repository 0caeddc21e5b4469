namespace Actors.Fuzz;

/// <summary>An input that a target did not bear.</summary>
/// <param name="Input">The bytes.</param>
/// <param name="Reason">What happened, for a person.</param>
/// <param name="Cause">The exception, if one came out.</param>
public sealed record Finding(byte[] Input, string Reason, Exception? Cause);
