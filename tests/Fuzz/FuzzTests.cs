using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Xunit;

namespace Actors.Fuzz;

/// <summary>
/// Every target, in an ordinary test run by a fixed number of inputs from a fixed seed. <c>FUZZ_SECONDS=600</c> tries so
/// long for each target instead, from a seed of the day; <c>FUZZ_SEED</c> and <c>FUZZ_TARGET</c> choose.
/// </summary>
public sealed class FuzzTests
{
    private const int OrdinarySeed = 20_050_407;

    public static TheoryData<string> Targets { get; } = [.. AllTargets().Select(target => target.Name).DefaultIfEmpty("none")];

    [Theory]
    [MemberData(nameof(Targets))]
    public void The_corpus_brings_out_nothing_but_the_exceptions_of_bad_bytes(string name)
    {
        IFuzzTarget target = Find(name);
        foreach ((string file, byte[] input) in Corpus.Read(name))
        {
            Finding? finding = new FuzzRun(target).Replay([input]);
            Assert.True(finding is null, $"{name}, {file}: {finding?.Reason}\n{finding?.Cause}");
        }

        Finding? seed = new FuzzRun(target).Replay(target.Seeds);
        Assert.True(seed is null, $"{name}, one of its seeds: {seed?.Reason}\n{seed?.Cause}");
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Mutated_bytes_bring_out_nothing_but_the_exceptions_of_bad_bytes(string name)
    {
        IFuzzTarget target = Find(name);
        int seconds = Number("FUZZ_SECONDS") ?? 0;
        int seed = Number("FUZZ_SEED") ?? (seconds > 0 ? DateTime.UtcNow.DayOfYear + (1000 * DateTime.UtcNow.Year) : OrdinarySeed);
        long start = Stopwatch.GetTimestamp();
        FuzzRun run = new(target);
        Finding? finding = run.Mutate(
            [.. target.Seeds, .. Corpus.Read(name).Select(entry => entry.Input)],
            seed,
            tried => seconds > 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds < seconds : tried < target.Iterations);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {run.Tried} inputs from seed {seed}, {run.Behaviours.Count} ways to end.");
        if (finding is not null)
        {
            Assert.Fail($"{name}, seed {seed}, input {run.Tried}, kept as {Corpus.Keep(name, finding)}: {finding.Reason}\n{finding.Cause}");
        }
    }

    [Fact]
    public void Each_corpus_folder_has_its_target()
    {
        string folder = TestKit.SourceTree.PathOf("tests", "Fuzz", "Corpus");
        IEnumerable<string> folders = Directory.Exists(folder) ? Directory.GetDirectories(folder).Select(f => Path.GetFileName(f)!) : [];
        Assert.Empty(folders.Except(AllTargets().Select(target => target.Name)));
    }

    private static IFuzzTarget Find(string name)
    {
        Assert.SkipWhen(name == "none", "No fuzz target exists yet.");
        string? chosen = Environment.GetEnvironmentVariable("FUZZ_TARGET");
        Assert.SkipWhen(chosen is not null && chosen != name, $"FUZZ_TARGET={chosen} leaves this target out.");
        return AllTargets().Single(target => target.Name == name);
    }

    private static IEnumerable<IFuzzTarget> AllTargets() => Assembly.GetExecutingAssembly().GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IFuzzTarget)) && type.GetConstructor(Type.EmptyTypes) is not null)
        .Select(type => (IFuzzTarget)Activator.CreateInstance(type)!)
        .OrderBy(target => target.Name, StringComparer.Ordinal);

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
