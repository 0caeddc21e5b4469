using System.Text;

namespace Actors.TestKit.Servers;

/// <summary>One HTTP request as it came: raw bytes, valid only during the call that is given it.</summary>
public readonly ref struct CannedRequest(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, long number)
{
    /// <summary>Request line and headers, with the empty line that ends them.</summary>
    public ReadOnlySpan<byte> Head { get; } = head;

    /// <summary>The body as sent; chunks are put together, compression is left as it is.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>Which request of the server this is, from 1.</summary>
    public long Number { get; } = number;

    /// <summary>Path and query of the request line.</summary>
    public ReadOnlySpan<byte> Target
    {
        get
        {
            ReadOnlySpan<byte> rest = Head[(Head.IndexOf((byte)' ') + 1)..];
            return rest[..rest.IndexOf((byte)' ')];
        }
    }

    /// <summary>Request line and headers as text.</summary>
    public string HeadText => Encoding.ASCII.GetString(Head);
}
