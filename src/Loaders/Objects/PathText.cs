using System.Text;

namespace Actors.Loaders.Objects;

/// <summary>
/// Paths in archives are bytes in any encoding, and so are names in trees. They travel as text of one character a byte
/// (Latin-1), whose ordinal order is that of the bytes.
/// </summary>
internal static class PathText
{
    public static string Of(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>A name that was text before it was bytes.</summary>
    public static string OfText(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static byte[] Bytes(string path) => Encoding.Latin1.GetBytes(path);

    /// <summary>For a person.</summary>
    public static string Show(string path)
    {
        string text = Encoding.UTF8.GetString(Bytes(path.Length > 200 ? path[..200] : path));
        return new string([.. text.Select(c => char.IsControl(c) ? '?' : c)]);
    }
}
