namespace Actors.Web.Api;

/// <summary>Answers one request; what it refuses, it throws as <see cref="RequestRefusedException"/> before the answer begins.</summary>
internal delegate Task ApiHandler(ApiCall call);
