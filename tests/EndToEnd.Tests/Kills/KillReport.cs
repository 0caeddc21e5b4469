namespace Actors.EndToEnd.Tests.Kills;

/// <summary>How a run that was to be killed went.</summary>
/// <param name="Killed">False: it ended before its moment came.</param>
/// <param name="ExitCode">When it ended by itself.</param>
/// <param name="Counted">Events counted until then.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Errors">What it wrote to its standard error.</param>
internal sealed record KillReport(bool Killed, int ExitCode, int Counted, string Last, string Errors);
