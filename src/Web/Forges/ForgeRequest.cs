namespace Actors.Web.Forges;

/// <summary>A request as <see cref="ForgeBehaviour.Answer"/> sees it.</summary>
public sealed record ForgeRequest
{
    /// <summary>In capitals, as sent.</summary>
    public required string Method { get; init; }

    /// <summary>The repository's path as asked for, without slashes around it.</summary>
    public required string Repository { get; init; }

    /// <summary><c>info/refs</c>, <c>git-upload-pack</c>, or empty when it is neither (then <see cref="Repository"/> is the whole path).</summary>
    public required string Endpoint { get; init; }

    /// <summary>With its question mark, or empty.</summary>
    public required string Query { get; init; }

    /// <summary>By name, in any case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body, decompressed.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
