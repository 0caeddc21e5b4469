namespace Actors.Web.Forges;

/// <summary>What a <see cref="RequestLimiter"/> says to one request.</summary>
/// <param name="Allowed">It may be answered.</param>
/// <param name="Banned">Refused because of a ban.</param>
/// <param name="RetryAfter">When to come again, where the forge says so.</param>
/// <param name="Remaining">Requests left in the bucket.</param>
public readonly record struct LimitAnswer(bool Allowed, bool Banned, TimeSpan? RetryAfter, long Remaining);
