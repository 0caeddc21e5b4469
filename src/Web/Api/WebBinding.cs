using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Actors.Web.Api;

/// <summary>An address at which a server listens, and what it offers there.</summary>
/// <param name="EndPoint">Port 0: the system chooses.</param>
public sealed record WebBinding(IPEndPoint EndPoint)
{
    /// <summary>What is served here.</summary>
    public WebParts Parts { get; init; } = WebParts.All;

    /// <summary>With its key: HTTPS, HTTP/1.1 and 2. Null: plain HTTP/1.1.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Reading needs no token here: for a scraper on an inside address. Changes always need one where there are tokens.</summary>
    public bool ReadsNeedNoToken { get; init; }
}
