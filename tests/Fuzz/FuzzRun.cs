using System.Diagnostics;
using Actors.Git;

namespace Actors.Fuzz;

/// <summary>Runs one target over many inputs, in one thread, until the first finding.</summary>
/// <param name="target">What is fuzzed.</param>
public sealed class FuzzRun(IFuzzTarget target)
{
    /// <summary>An input takes microseconds; one that takes this long does not end, even on a machine with other work.</summary>
    private static readonly TimeSpan InputTimeMax = TimeSpan.FromSeconds(60);

    /// <summary>Inputs kept because they behaved in a new way: enough for every message of a parser.</summary>
    private const int CorpusCountMax = 500;

    /// <summary>Ways to end that are remembered: a message with a part of its input in it is new every time.</summary>
    private const int BehavioursMax = 50_000;

    private readonly HashSet<string> _behaviours = new(StringComparer.Ordinal);
    private byte[] _current = [];
    private long _startedAt;

    /// <summary>Inputs tried.</summary>
    public long Tried { get; private set; }

    /// <summary>Ways to end that were seen: messages without their numbers.</summary>
    public IReadOnlyCollection<string> Behaviours => _behaviours;

    /// <summary>Tries each of the inputs, unchanged.</summary>
    public Finding? Replay(IEnumerable<byte[]> inputs) => Watch(() => inputs.Select(Try).FirstOrDefault(finding => finding is not null));

    /// <summary>Tries mutations of the corpus. Inputs that end in a way not seen before join it.</summary>
    /// <param name="corpus">Where to begin.</param>
    /// <param name="seed">Repeats a run.</param>
    /// <param name="goOn">Asked before each input with how many were tried.</param>
    public Finding? Mutate(IReadOnlyList<byte[]> corpus, int seed, Func<long, bool> goOn)
    {
        List<byte[]> grown = [.. corpus.DefaultIfEmpty([])];
        Mutator mutator = new(new Random(seed), [.. target.Dictionary], target.InputBytesMax);
        return Watch(() =>
        {
            while (goOn(Tried))
            {
                int known = _behaviours.Count;
                byte[] input = mutator.Mutate(grown);
                if (Try(input) is { } finding)
                {
                    return finding;
                }

                if (_behaviours.Count > known && grown.Count < CorpusCountMax)
                {
                    grown.Add(input);
                }
            }

            return null;
        });
    }

    private Finding? Try(byte[] input)
    {
        Volatile.Write(ref _current, input);
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
        Tried++;
        long before = GC.GetTotalAllocatedBytes();
        try
        {
            target.Run(input);
            _behaviours.Add("accepted");
        }
        catch (GitFormatException refusal) when (_behaviours.Count < BehavioursMax)
        {
            _behaviours.Add($"{refusal.Kind} {string.Concat(refusal.Message.Where(c => !char.IsAsciiHexDigit(c)))}");
        }
        catch (GitFormatException)
        {
            // As it should be, and enough are remembered.
        }
        catch (Exception other)
        {
            return new Finding(input, $"{other.GetType().Name} came out: {other.Message}", other);
        }

        long allocated = GC.GetTotalAllocatedBytes() - before;
        return allocated > target.AllocatedBytesMax ? new Finding(input, $"It made the parser allocate {allocated:N0} bytes; {target.AllocatedBytesMax:N0} are allowed.", null) : null;
    }

    /// <summary>Runs on a thread of its own, so that an input that never ends is a finding too. That thread is left behind.</summary>
    private Finding? Watch(Func<Finding?> work)
    {
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
        Finding? found = null;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                found = work();
            }
            catch (Exception own)
            {
                failure = own;
            }
        })
        { IsBackground = true, Name = target.Name };
        thread.Start();
        while (!thread.Join(TimeSpan.FromSeconds(1)))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _startedAt)) > InputTimeMax)
            {
                return new Finding(Volatile.Read(ref _current), $"It had not ended after {InputTimeMax.TotalSeconds} seconds.", null);
            }
        }

        return failure is null ? found : throw new InvalidOperationException("The fuzz harness itself failed.", failure);
    }
}
