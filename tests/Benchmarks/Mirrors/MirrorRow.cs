using Actors.Benchmarks.Measuring;

namespace Actors.Benchmarks.Mirrors;

/// <summary>A repository, and what was measured with it.</summary>
internal sealed record MirrorRow
{
    public required string Name { get; init; }

    /// <summary>The served copy.</summary>
    public required string Folder { get; init; }

    public long Objects { get; init; }

    public int Refs { get; init; }

    public ProcessFigures First { get; init; } = new();

    public ProcessFigures Second { get; init; } = new();

    public double CloneSeconds { get; init; }

    /// <summary>Null: not run.</summary>
    public ProcessFigures? RivalFirst { get; init; }

    public ProcessFigures? RivalSecond { get; init; }
}
