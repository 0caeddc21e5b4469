using System.Runtime.CompilerServices;
using System.Text;
using Actors.Store.Campaigns;

namespace Actors.Sync.Campaigns;

/// <summary>A list on its way into a campaign store.</summary>
public static class SubmittedList
{
    /// <summary>Reads a list's lines: repositories, and for the report what names none.</summary>
    /// <param name="list">UTF-8, not compressed; read once, forward, to its end.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<SubmittedLine> ReadAsync(Stream list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using StreamReader text = new(list, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 32 << 10, leaveOpen: true);
        ListReader reader = new(text, isFromElsewhere: true);
        do
        {
            while (reader.TryNext())
            {
                yield return Submit(reader);
            }
        }
        while (await reader.FillAsync(cancellationToken).ConfigureAwait(false));
    }

    private static SubmittedLine Submit(ListReader reader)
    {
        ListLine line = reader.Parse();
        return line.Holds switch
        {
            ListLine.Kind.Repository => new SubmittedLine(reader.LineNumber, line.Url),
            ListLine.Kind.Rejected => new SubmittedLine(reader.LineNumber, default, StoredReportJson.ToUtf8(Reject(reader, line.Reason!))),
            _ => new SubmittedLine(reader.LineNumber, default),
        };
    }

    private static RejectedLine Reject(ListReader reader, string reason)
    {
        ReadOnlySpan<char> text = reader.Line.Trim();
        return new RejectedLine(reader.LineNumber, text[..Math.Min(text.Length, Limits.RejectedLineCharsMax)].ToString(), reason);
    }
}
