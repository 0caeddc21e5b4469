using System.Runtime.CompilerServices;
using System.Text;
using Actors.Store.Campaigns;
using Actors.Sync.Campaigns;

namespace Actors.Grains.Campaigns;

/// <summary>A submitted list as the store takes it: each line a repository, or why it is none.</summary>
internal static class SubmittedList
{
    /// <param name="list">UTF-8 lines.</param>
    /// <param name="allowPrivate">Paths and any scheme; else only what a server visits for strangers.</param>
    /// <param name="cancellationToken">Gives the reading up.</param>
    public static async IAsyncEnumerable<SubmittedLine> ReadAsync(Stream list, bool allowPrivate, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using StreamReader text = new(list, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: false, bufferSize: 64 << 10, leaveOpen: true);
        ListReader reader = new(text);
        do
        {
            while (reader.TryNext())
            {
                ListLine line = reader.Parse();
                string? refused = line.Holds switch
                {
                    ListLine.Kind.Rejected => line.Reason,
                    ListLine.Kind.Repository when !allowPrivate => line.Url.Scheme is "https" or "http" ? null : "this server visits https and http URLs only",
                    _ => null,
                };
                yield return refused is null
                    ? new SubmittedLine(reader.LineNumber, line.Url)
                    : new SubmittedLine(reader.LineNumber, default, ReportText.Rejected(new RejectedLine(reader.LineNumber, Shown(reader.Line), refused)));
            }
        }
        while (await reader.FillAsync(cancellationToken));
    }

    private static string Shown(ReadOnlySpan<char> line) => line[..Math.Min(line.Length, Sync.Limits.RejectedLineCharsMax)].Trim().ToString();
}
