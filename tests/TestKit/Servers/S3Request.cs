using Microsoft.AspNetCore.Http;

namespace Actors.TestKit.Servers;

/// <summary>A request as <see cref="S3FaultProxy"/> saw it.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Method">HTTP's.</param>
/// <param name="Path">With bucket and key.</param>
/// <param name="Query">With the question mark, or empty.</param>
/// <param name="Headers">As received.</param>
public sealed record S3Request(int Number, string Method, string Path, string Query, IHeaderDictionary Headers)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}{Query}";
}
