using Actors.Loaders.Packages;
using Actors.TestKit;
using Xunit;

namespace Actors.Loaders.Tests.Packages;

/// <summary>Where npm, pip and apt look, by files and variables of our own making.</summary>
public sealed class EcosystemsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];

    public EcosystemsTests()
    {
        foreach (string folder in (string[])["home", "project", "etc"])
        {
            _folder.Make(folder);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_nothing_says_it_only_those_with_one_place_are_known()
    {
        Assert.Equal([null, null, null], ((string[])["npm", "debian", "archive"]).Select(scheme => Find(scheme, "x")));
        Assert.Equal(["https://pypi.org/", "https://crates.io/"], ((string[])["pypi", "crates"]).Select(scheme => Find(scheme, "x")));
    }

    [Fact]
    public void Npm_s_project_comes_before_the_person_and_the_machine_and_its_environment_before_all()
    {
        Write("etc/npmrc", "registry=https://machine.example/\n");
        Assert.Equal("https://machine.example/", Find("npm", "x"));
        Write("home/.npmrc", "; comment\n registry = \"https://user:secret@person.example/npm/\" \n");
        Assert.Equal("https://person.example/npm/", Find("npm", "x"));
        Write("project/.npmrc", "@a:registry=https://scope.example/\nregistry=https://project.example/\n//project.example/:_authToken=secret\n");
        Assert.Equal("https://project.example/", Find("npm", "x"));
        Assert.Equal("https://scope.example/", Find("npm", "@a/x"));
        Assert.Equal("https://project.example/", Find("npm", "@b/x"));
        _variables["npm_config_registry"] = "https://variable.example/";
        Assert.Equal("https://variable.example/", Find("npm", "x"));
        Assert.Equal("https://scope.example/", Find("npm", "@a/x"));
        _variables["npm_config_registry"] = "file:///etc/passwd";
        Assert.Null(Find("npm", "x"));
    }

    [Fact]
    public void A_file_of_npm_s_that_the_environment_names_stands_for_the_person_s()
    {
        Write("home/.npmrc", "registry=https://person.example/\n");
        Write("other", "registry=https://other.example/\n");
        _variables["NPM_CONFIG_USERCONFIG"] = _folder["other"];
        Assert.Equal("https://other.example/", Find("npm", "x"));
    }

    [Fact]
    public void Pip_s_index_is_the_registry_without_its_last_folder()
    {
        Write("etc/pip.conf", "[global]\nindex-url = https://machine.example/simple\n");
        Assert.Equal("https://machine.example/", Find("pypi", "x"));
        Write("home/.config/pip/pip.conf", "index-url = https://nowhere.example/\n[install]\nindex-url = https://nowhere.example/\n[global]\n# index-url = x\nindex_url: no\nindex_url = https://u:p@person.example/root/pypi/+simple/\n");
        Assert.Equal("https://person.example/root/pypi/", Find("pypi", "x"));
        Write("config/pip/pip.conf", "[global]\nindex-url=https://xdg.example/simple/\n");
        _variables["XDG_CONFIG_HOME"] = _folder["config"];
        Assert.Equal("https://xdg.example/", Find("pypi", "x"));
        Write("named", "[global]\nindex-url=https://named.example/simple/\n");
        _variables["PIP_CONFIG_FILE"] = _folder["named"];
        Assert.Equal("https://named.example/", Find("pypi", "x"));
        _variables["PIP_INDEX_URL"] = "https://variable.example/simple";
        Assert.Equal("https://variable.example/", Find("pypi", "x"));
    }

    [Fact]
    public void Apt_s_sources_are_asked_for_the_suite_in_either_style()
    {
        Write("etc/apt/sources.list", "# deb https://no.example/ sid main\ndeb cdrom:[Disc]/ sid main\ndeb [arch=amd64 signed-by=/x] https://one.example/debian bookworm main\ndeb-src http://src.example/debian/ trixie main contrib\n");
        Write("etc/apt/sources.list.d/b.sources", "Types: deb deb-src\nURIs: mirror+file:/x https://two.example/debian/\nSuites: sid experimental\nComponents: main\n\nEnabled: no\nURIs: https://off.example/\nSuites: forky\n");
        Write("etc/apt/sources.list.d/a.list", "deb https://three.example/debian sid main\n");
        Write("etc/apt/sources.list.d/c.save", "deb https://four.example/debian forky main\n");
        Assert.Equal("https://one.example/debian", Find("debian", "bookworm/hello"));
        Assert.Equal("http://src.example/debian/", Find("debian", "trixie/hello"));
        Assert.Equal("https://three.example/debian", Find("debian", "sid/hello"));
        Assert.Equal("https://two.example/debian/", Find("debian", "experimental/hello"));
        Assert.Null(Find("debian", "forky/hello"));
    }

    private string? Find(string scheme, string name) =>
        new Ecosystems(_variables.GetValueOrDefault, _folder["home"], _folder["etc"], _folder["project"]).Find(scheme, name)?.AbsoluteUri;

    private void Write(string path, string text)
    {
        string full = Path.Combine(_folder.FullPath, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
