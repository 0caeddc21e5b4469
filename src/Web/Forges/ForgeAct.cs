namespace Actors.Web.Forges;

/// <summary>What a <see cref="ForgeScript"/> has decided for one request.</summary>
/// <param name="Deed">What is done.</param>
/// <param name="RetryAfter">When to come again, where the forge says so.</param>
/// <param name="Target">The new name of a repository that moved.</param>
/// <param name="Where">In an answer of git's that is spoilt: 0 at its beginning, 1 far in it.</param>
/// <param name="Delay">Before an answer that begins late.</param>
public readonly record struct ForgeAct(ForgeDeed Deed, TimeSpan? RetryAfter = null, string? Target = null, double Where = 0, TimeSpan Delay = default);
