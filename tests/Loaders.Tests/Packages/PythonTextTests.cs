using System.Text.Json;
using Actors.Loaders.Packages;
using Xunit;

namespace Actors.Loaders.Tests.Packages;

public sealed class PythonTextTests
{
    [Theory]
    [InlineData("[]", "[]")]
    [InlineData("""["a", 1, 1.50, true, null, {"b": ["c"], "d": {}}]""", "['a', 1, 1.5, True, None, {'b': ['c'], 'd': {}}]")]
    [InlineData("""["it's", "say \"x\"", "both ' and \""]""", """["it's", 'say "x"', 'both \' and "']""")]
    [InlineData("""["\\ \n\r\t\u0007\u007f\u00a0\u200b\u00e9\ud83d\ude00"]""", """['\\ \n\r\t\x07\x7f\xa0\u200bé😀']""")]
    [InlineData("""[{"a": 1, "b": 2, "a": 3}]""", "[{'a': 3, 'b': 2}]")]
    public void Lists_are_printed_as_Python_prints_them(string json, string printed) =>
        Assert.Equal(printed, PythonText.Repr(JsonDocument.Parse(json).RootElement));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-17", "-17")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("0.0", "0.0")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("1e3", "1000.0")]
    [InlineData("944729610.50", "944729610.5")]
    [InlineData("0.1", "0.1")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("1.25e-7", "1.25e-07")]
    [InlineData("1e15", "1000000000000000.0")]
    [InlineData("1234567890123456.0", "1234567890123456.0")]
    [InlineData("1e16", "1e+16")]
    [InlineData("1.5e300", "1.5e+300")]
    [InlineData("-1e999", "-inf")]
    public void Numbers_are_printed_as_Python_prints_them(string json, string printed) =>
        Assert.Equal(printed, PythonText.Number(JsonDocument.Parse(json).RootElement));
}
