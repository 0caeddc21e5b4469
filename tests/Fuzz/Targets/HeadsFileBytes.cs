using Actors.Git;
using Actors.Store.WorldOfCode;

namespace Actors.Fuzz.Targets;

/// <summary>World of Code's heads files: every line is good or bad, numbers rise, nothing is thrown; damaged gzip is the one exception.</summary>
internal sealed class HeadsFileBytes : IFuzzTarget
{
    public string Name => "heads-file";

    public IEnumerable<byte[]> Seeds =>
    [
        "gh:a/b;0011223344556677889900112233445566778899\nhttps://a:a@gitlab.com/a/b;could not connect\r\nbb:c/d\n"u8.ToArray(),
        "gh:a/b;0011223344556677889900112233445566778899;HEAD\ngh:a/b;0011223344556677889900112233445566778899;refs/tags/v1^{}\n"u8.ToArray(),
        Convert.FromHexString("1f8b08000000000002034bcfb04ad44fe2020017d4e9cd07000000"),
    ];

    public IEnumerable<byte[]> Dictionary =>
        ["could not connect"u8.ToArray(), "refs/heads/x"u8.ToArray(), "deb:"u8.ToArray(), "dr:"u8.ToArray(), "file://"u8.ToArray(), [0x1f, 0x8b]];

    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            ReadAsync(input.ToArray()).GetAwaiter().GetResult();
        }
        catch (InvalidDataException e) when (input.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            throw new GitFormatException(GitFormatError.Compression, e.Message);
        }
    }

    private static async Task ReadAsync(byte[] input)
    {
        long last = 0;
        await foreach (HeadsFileLine line in HeadsFile.ReadAsync(new MemoryStream(input), CancellationToken.None))
        {
            if (line.Number <= last || line.Heads is null == line.Error is null)
            {
                throw new InvalidOperationException($"Line {line.Number} after {last} is both good and bad, or told twice.");
            }

            last = line.Number;
        }
    }
}
