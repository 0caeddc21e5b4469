using System.IO.Compression;
using System.Text;
using Xunit;

namespace Actors.Client.Tests;

public sealed class ListSourcesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actors-list-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Files_urls_and_standard_input_are_one_list_in_the_order_of_the_arguments()
    {
        string file = Write("a.txt", "https://one.example/a\nhttps://one.example/b");
        using MemoryStream input = new("from-input\n"u8.ToArray());
        ListSources sources = new([file, "https://two.example/c", "-", "/a/folder"], input);

        Assert.Equal("https://one.example/a\nhttps://one.example/b\nhttps://two.example/c\nfrom-input\n/a/folder\n", sources.Open().ReadToEnd());
    }

    [Fact]
    public void A_gzip_list_is_read_as_text()
    {
        string file = Path.Combine(_folder.FullName, "list.gz");
        using (GZipStream gzip = new(File.Create(file), CompressionLevel.Fastest))
        {
            gzip.Write("https://one.example/a\n"u8);
        }

        Assert.Equal("https://one.example/a\n", new ListSources([file], Stream.Null).Open().ReadToEnd());
    }

    [Fact]
    public void A_list_of_one_byte_and_an_empty_list_are_read()
    {
        Assert.Equal("x\n", new ListSources([Write("x", "x")], Stream.Null).Open().ReadToEnd());
        Assert.Equal("", new ListSources([Write("empty", "")], Stream.Null).Open().ReadToEnd());
    }

    [Fact]
    public void The_key_names_files_by_full_path_so_that_resume_finds_them_from_anywhere()
    {
        string file = Write("a.txt", "");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, file);

        Assert.Equal(new ListSources([file], Stream.Null).Key, new ListSources([relative], Stream.Null).Key);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }
}
