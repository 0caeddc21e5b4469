namespace Actors.Web.Forges;

/// <summary>What a <see cref="ForgeScript"/> has decided for one request.</summary>
/// <param name="Deed">What is done.</param>
/// <param name="RetryAfter">When to come again, where the forge says so.</param>
/// <param name="Target">The new name of a repository that moved.</param>
public readonly record struct ForgeAct(ForgeDeed Deed, TimeSpan? RetryAfter = null, string? Target = null);
