using System.Runtime.CompilerServices;
using Actors.Store.Campaigns;
using Actors.Sync.Campaigns;

namespace Actors.Grains.Campaigns;

/// <summary>A list that strangers submitted, as the store takes it: what a server does not visit is refused with its reason.</summary>
internal static class ServedList
{
    /// <param name="list">UTF-8 lines.</param>
    /// <param name="allowPrivate">Any repository is visited.</param>
    /// <param name="cancellationToken">Gives the reading up.</param>
    public static async IAsyncEnumerable<SubmittedLine> ReadAsync(Stream list, bool allowPrivate, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (SubmittedLine line in SubmittedList.ReadAsync(list, cancellationToken))
        {
            yield return !allowPrivate && line.IsRepository && ServedUrls.Refuse(line.Url) is { } reason
                ? new SubmittedLine(line.Number, default, StoredReportJson.ToUtf8(new RejectedLine(line.Number, Shown(line.Url.ToString()), reason)))
                : line;
        }
    }

    private static string Shown(string text) => text[..Math.Min(text.Length, Sync.Limits.RejectedLineCharsMax)];
}
