using System.Net;
using System.Text;
using Actors.Loaders.Listings;
using Actors.Loaders.Listings.Forges;
using Xunit;

namespace Actors.Loaders.Tests.Listings;

/// <summary>Whatever repositories are called: an index that is written as cgit and gitweb write theirs is read back.</summary>
public sealed class WebPagesPropertyTests
{
    private const string Alphabet = "abz09-_.~ /+&<>\"'%?=;:#é日\u00a0";
    private static readonly Uri Index = new("https://h.example/git/");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Cgits_index_is_read_back(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            string[] names = Names(random);
            StringBuilder rows = new();
            foreach (string name in names)
            {
                // html_attr and html_url_path of html.c: entities, and percent signs for what is not an address's own.
                string href = $"/git/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}/";
                rows.Append($"<tr><td class='{(random.Next(2) == 0 ? "toplevel" : "sublevel")}-repo'><a title='{WebUtility.HtmlEncode(name)}' href='{WebUtility.HtmlEncode(href)}'>{WebUtility.HtmlEncode(name)}</a></td><td><a href='{WebUtility.HtmlEncode(href)}'>{WebUtility.HtmlEncode(Some(random))}</a></td>"
                    + $"<td>{WebUtility.HtmlEncode(Some(random))}</td><td><span class='age-hours' title='2024-06-01 12:00:00 +0200'>{random.Next(24)} hours</span></td></tr>\n");
            }

            int page = random.Next(5), pages = random.Next(1, 6);
            string pager = pages == 1 ? "" : $"<ul class='pager'>{string.Concat(Enumerable.Range(0, pages).Select(i => $"<li><a href='/git/?ofs={i * 50}&amp;q=1'>[{i + 1}]</a></li>"))}</ul>";
            ListerAnswer answer = new CgitLister(Index).Read(new ListingReply(new Uri(Index, $"?ofs={page * 50}"), Encoding.UTF8.GetBytes(WebPagesTests.CgitIndex(rows.ToString(), pager))));
            Assert.Equal(names, answer.Items.Select(item => item.Name));
            Assert.Equal(names, answer.Items.Select(item => Uri.UnescapeDataString(item.Detail!)["/git/".Length..^1]));
            Assert.All(answer.Items, item => Assert.Equal(10, item.UpdatedAt!.Value.Hour));
            Assert.Equal(page + 1 < pages ? $"/git/?ofs={(page + 1) * 50}&q=1" : null, answer.Next);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Gitwebs_index_is_read_back(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            string[] names = Names(random);
            // esc_param of gitweb.perl: all but these are percent-encoded; a space is a plus sign.
            string Href(string name) => $"?p={Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal).Replace("%20", "+", StringComparison.Ordinal)};a=summary";
            string page = string.Concat(names.Select(name => WebPagesTests.GitwebIndex(WebUtility.HtmlEncode(Href(name)), WebUtility.HtmlEncode(name))));
            ListerAnswer Read() => new GitwebLister(Index).Read(new ListingReply(Index, Encoding.UTF8.GetBytes(page)));
            if (names.Length == 0)
            {
                Assert.Throws<Loaders.Objects.ArchiveException>(Read);
                continue;
            }

            ListerAnswer answer = Read();
            Assert.Null(answer.Next);
            Assert.Equal(names, answer.Items.Select(item => item.Name));
            Assert.All(answer.Items, item => Assert.StartsWith("/git/?p=", item.Detail, StringComparison.Ordinal));
        }
    }

    private static string[] Names(Random random) => [.. Enumerable.Range(0, random.Next(6)).Select(i => $"r{i}{Some(random)}e")];

    /// <summary>Without empty and dot segments, which are no folders' names.</summary>
    private static string Some(Random random)
    {
        string text = new([.. Enumerable.Range(0, random.Next(14)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
        return string.Join('/', text.Split('/').Select(part => part.Trim('.') is { Length: > 0 } ? part : "x"));
    }
}
