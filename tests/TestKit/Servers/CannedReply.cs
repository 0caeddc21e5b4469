namespace Actors.TestKit.Servers;

/// <summary>Chooses the raw bytes of an answer, status line and all; empty closes the connection without one. Called by many connections at once.</summary>
public delegate ReadOnlyMemory<byte> CannedReply(CannedRequest request);
