using System.Globalization;
using System.Net;
using System.Text;
using Actors.Loaders.Listings.Pages;
using Xunit;

namespace Actors.Loaders.Tests.Listings;

public sealed class HtmlTagsTests
{
    [Theory]
    [InlineData("<a href='x'>t</a>", "a href=x|t|/a")]
    [InlineData("<A HREF=x CLASS = \"c d\">", "a href=x class=c d")]
    [InlineData("<a title='a>b' href=\"?p=a&amp;b\">", "a href=?p=a&b")]
    [InlineData("<!-- <a href=no> --><a href=yes>", "a href=yes")]
    [InlineData("<!DOCTYPE html><?xml version='1'?><a href=y/>", "a href=y/")]
    [InlineData("<script>if (a<b) '<a href=no>'</script><a href=y>", "script|/script|a href=y")]
    [InlineData("a < b <a href=y>", "a href=y")]
    [InlineData("<a href='unclosed>", "")]
    [InlineData("<a href", "")]
    [InlineData("<!-- open", "")]
    [InlineData("<", "")]
    [InlineData("<a disabled href=x>", "a href=x")]
    [InlineData("<a =x href=y>", "a href=y")]
    public void Tags_come_with_what_is_read_of_them(string html, string expected)
    {
        List<string> seen = [];
        HtmlTags tags = new(html);
        while (tags.Next())
        {
            foreach (string name in (string[])["a", "script"])
            {
                if (tags.Ends(name))
                {
                    seen.AddRange(tags.TextBefore.Length > 0 ? [tags.TextBefore, "/" + name] : ["/" + name]);
                }
                else if (tags.Begins(name))
                {
                    seen.Add(name + (tags.Attribute("href") is { } href ? " href=" + href : "") + (tags.Attribute("class") is { } classes ? " class=" + classes : ""));
                }
            }
        }

        Assert.Equal(expected, string.Join('|', seen));
    }

    /// <summary>Whatever a page has in its names, what was written is read; whatever stands around.</summary>
    [Fact]
    public void Attributes_and_texts_that_were_written_are_read_back()
    {
        Random random = new(20_260_101);
        const string Alphabet = "ab <>&\"'=/;#-! é\u00a0?%";
        for (int round = 0; round < 2_000; round++)
        {
            string Some() => new([.. Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            (string Href, string Title, string Text)[] written = [.. Enumerable.Range(0, random.Next(5)).Select(_ => (Some(), Some(), Some()))];
            StringBuilder page = new();
            foreach ((string href, string title, string text) in written)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td class='x'><!-- {Some().Replace("-", "", StringComparison.Ordinal)} --><a title='{WebUtility.HtmlEncode(title)}' href=\"{WebUtility.HtmlEncode(href)}\">{WebUtility.HtmlEncode(text)}</a></td>");
            }

            List<(string, string, string)> read = [];
            HtmlTags tags = new(page.ToString());
            (string Href, string Title) last = ("", "");
            while (tags.Next())
            {
                if (tags.Begins("a"))
                {
                    last = (tags.Attribute("href")!, tags.Attribute("title")!);
                }
                else if (tags.Ends("a"))
                {
                    read.Add((last.Href, last.Title, tags.TextBefore));
                }
            }

            Assert.Equal(written, read);
        }
    }

    /// <summary>No page takes time that grows faster than it: a million of each bad beginning ends.</summary>
    [Theory]
    [InlineData("<a ")]
    [InlineData("<a href='")]
    [InlineData("<!--")]
    [InlineData("<script>")]
    [InlineData("<")]
    [InlineData("<a href=\"x\" ")]
    public void A_million_bad_beginnings_end(string beginning)
    {
        StringBuilder page = new();
        for (int i = 0; i < 200_000; i++)
        {
            page.Append(beginning);
        }

        HtmlTags tags = new(page.ToString());
        int count = 0;
        while (tags.Next())
        {
            _ = tags.Attribute("none");
            count++;
        }

        Assert.InRange(count, 0, 200_000);
    }
}
