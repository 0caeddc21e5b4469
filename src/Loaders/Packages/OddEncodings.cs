using System.Text;
using System.Text.Unicode;

namespace Actors.Loaders.Packages;

/// <summary>Texts that should be UTF-8 and are not. Those who made ids of what they read guessed their encoding; what is guessed here is what nearly all of them are.</summary>
internal static class OddEncodings
{
    /// <summary>The text in UTF-8: UTF-16 by its mark; all else that is not UTF-8 is Latin-1, or Windows' 1252 where it has characters that Latin-1 lacks.</summary>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> text)
    {
        Encoding? encoding = text.Span switch
        {
            [0xff, 0xfe, ..] => Encoding.Unicode,
            [0xfe, 0xff, ..] => Encoding.BigEndianUnicode,
            var bytes when Utf8.IsValid(bytes) => null,
            var bytes when bytes.ContainsAnyInRange((byte)0x80, (byte)0x9f) => CodePagesEncodingProvider.Instance.GetEncoding(1252),
            _ => Encoding.Latin1,
        };
        return encoding is null ? text : Encoding.UTF8.GetBytes(encoding.GetString(text.Span).TrimStart('\ufeff'));
    }
}
