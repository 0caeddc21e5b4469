using System.Numerics;

namespace Actors.Git.Objects.Collisions;

/// <summary>
/// A disturbance vector of SHA-1: where a collision attack disturbs the state, and so which message bits differ between the
/// two halves. Two families by Manuel, "Classification and generation of disturbance vectors for collision attacks against
/// SHA-1" (2011); the notation I(K, b), II(K, b) and the choice of 32 by Stevens, "Counter-cryptanalysis" (2013), and
/// Stevens and Shumow, "Speeding up detection of SHA-1 collision attacks using unavoidable attack conditions" (2017).
/// </summary>
/// <param name="IsSecondType">II, else I.</param>
/// <param name="FirstStep">K: the vector is all but zero in the sixteen steps from here.</param>
/// <param name="Rotation">b: all words are rotated left by so many bits.</param>
internal readonly record struct DisturbanceVector(bool IsSecondType, int FirstStep, int Rotation)
{
    private const int Steps = 80;
    private const int Window = 16;

    /// <summary>Steps of a local collision after its disturbance.</summary>
    private const int Corrections = 5;

    /// <summary>The vectors that an attack can use at less cost than by brute force, in groups of eight that share a step of equal states.</summary>
    public static IReadOnlyList<DisturbanceVector> All { get; } =
    [
        new(false, 43, 0), new(false, 44, 0), new(false, 45, 0), new(false, 46, 0), new(false, 46, 2), new(false, 47, 0), new(false, 47, 2), new(false, 48, 0),
        new(false, 48, 2), new(false, 49, 0), new(false, 49, 2), new(false, 50, 0), new(false, 50, 2), new(false, 51, 0), new(false, 51, 2), new(false, 52, 0),
        new(true, 45, 0), new(true, 46, 0), new(true, 46, 2), new(true, 47, 0), new(true, 48, 0), new(true, 49, 0), new(true, 49, 2), new(true, 50, 0),
        new(true, 50, 2), new(true, 51, 0), new(true, 51, 2), new(true, 52, 0), new(true, 53, 0), new(true, 54, 0), new(true, 55, 0), new(true, 56, 0),
    ];

    /// <summary>True when both halves of an attack have the same state before <paramref name="step"/>: the five steps before it were not disturbed.</summary>
    public bool HasEqualStatesBefore(int step)
    {
        int lastDisturbed = FirstStep + (IsSecondType ? 3 : -1);
        return step - Corrections > lastDisturbed && step < FirstStep + Window;
    }

    /// <summary>The bits in which the expanded messages of the two halves differ, word by word, 80 words.</summary>
    public uint[] MessageDifferences()
    {
        // Index 0 is step -5: what was disturbed before the first step is still being corrected.
        uint[] disturbances = new uint[Corrections + Steps];
        int first = FirstStep + Corrections;
        disturbances[first + Window - 1] = BitOperations.RotateLeft(1u, Rotation);
        if (IsSecondType)
        {
            disturbances[first + 1] = disturbances[first + 3] = BitOperations.RotateLeft(1u, Rotation + 31);
        }

        // The message expansion, forwards and backwards from the window.
        for (int i = first + Window; i < disturbances.Length; i++)
        {
            disturbances[i] = BitOperations.RotateLeft(disturbances[i - 3] ^ disturbances[i - 8] ^ disturbances[i - 14] ^ disturbances[i - 16], 1);
        }

        for (int i = first - 1; i >= 0; i--)
        {
            disturbances[i] = BitOperations.RotateRight(disturbances[i + 16], 1) ^ disturbances[i + 13] ^ disturbances[i + 8] ^ disturbances[i + 2];
        }

        // A local collision: the disturbance, and five corrections as the disturbed word passes through the state.
        uint[] differences = new uint[Steps];
        for (int step = 0; step < Steps; step++)
        {
            ReadOnlySpan<uint> at = disturbances.AsSpan(step, Corrections + 1);
            differences[step] = at[5] ^ BitOperations.RotateLeft(at[4], 5) ^ at[3] ^ BitOperations.RotateLeft(at[2] ^ at[1] ^ at[0], 30);
        }

        return differences;
    }

    public override string ToString() => $"{(IsSecondType ? "II" : "I")}({FirstStep},{Rotation})";
}
