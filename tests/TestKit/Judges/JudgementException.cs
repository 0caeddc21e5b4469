namespace Actors.TestKit.Judges;

/// <summary>git found that what was stored or served is not what it should be.</summary>
public sealed class JudgementException(string message) : Exception(message);
