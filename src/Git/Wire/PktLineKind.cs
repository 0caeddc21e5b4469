namespace Actors.Git.Wire;

/// <summary>What a pkt-line is (gitprotocol-common, "pkt-line Format"; gitprotocol-v2, "Packet-Line Framing").</summary>
internal enum PktLineKind : byte
{
    /// <summary>A line with a payload, which may be empty (<c>0004</c>).</summary>
    Data,

    /// <summary><c>0000</c>: end of a message.</summary>
    Flush,

    /// <summary><c>0001</c>: between sections of a message.</summary>
    Delimiter,

    /// <summary><c>0002</c>: end of a response on a stateless connection.</summary>
    ResponseEnd,

    /// <summary>The stream ended where a line could have begun. Only <see cref="PktLineReader"/> says it.</summary>
    EndOfInput,
}
