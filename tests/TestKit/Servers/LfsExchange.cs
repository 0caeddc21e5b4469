namespace Actors.TestKit.Servers;

/// <summary>A request as <see cref="LfsSource"/> saw it.</summary>
/// <param name="Method">HTTP's.</param>
/// <param name="Path">With the slash.</param>
/// <param name="Authorization">The header, or empty.</param>
/// <param name="Range">The header, or empty.</param>
public sealed record LfsExchange(string Method, string Path, string Authorization, string Range);
