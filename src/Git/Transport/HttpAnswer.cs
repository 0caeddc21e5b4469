using System.Net.Http;
using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>Either a response with status 200, to be disposed by whoever reads it, or a failure.</summary>
internal readonly record struct HttpAnswer(HttpResponseMessage? Response, RemoteFailure? Failure);
