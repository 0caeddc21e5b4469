using Actors.Web.Api;

namespace Actors.Web.Clients;

/// <summary>A server did not do what it was asked. The message is for a person: what is wrong, and what to do.</summary>
public sealed class ApiException : IOException
{
    internal ApiException(string message, bool isTransient, Problem? problem = null, Exception? inner = null)
        : base(message, inner) => (IsTransient, Problem) = (isTransient, problem);

    /// <summary>The same may succeed in a while: the connection broke, the server restarts or is busy.</summary>
    public bool IsTransient { get; }

    /// <summary>What the server said, or null when it said nothing that we understand.</summary>
    public Problem? Problem { get; }
}
