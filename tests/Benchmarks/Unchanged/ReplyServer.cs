using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Actors.TestKit.Servers;

namespace Actors.Benchmarks.Unchanged;

/// <summary>
/// Any repository of a forge that never changes: five refs, one commit. HTTP/1.1 with connections kept alive, one blocking thread
/// each, so that it takes less of the machine than any client. Answers ls-refs of v2, the capability advertisement of v2, and
/// the ref advertisement of v0 to those who do not ask for v2. A process of its own; ends with its standard input.
/// </summary>
internal static class ReplyServer
{
    /// <summary>The refs' target: a commit without content or parents.</summary>
    public const string Commit = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@example.org> 1700000000 +0000\ncommitter A <a@example.org> 1700000000 +0000\n\nOne\n";

    private static readonly string[] Refs = ["refs/heads/develop", "refs/heads/main", "refs/tags/v1.0", "refs/tags/v1.1"];

    /// <summary>Arguments: the commit's oid, milliseconds before each answer, and a folder for the certificate when it should speak TLS.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        (byte[] lsRefs, byte[] v2, byte[] v0) answers = Answers(args[0]);
        int delay = int.Parse(args[1], CultureInfo.InvariantCulture);
        X509Certificate2? certificate = null;
        if (args.Length > 2)
        {
            certificate = SelfSignedCertificate.Create();
            await File.WriteAllTextAsync(args[2], certificate.ExportCertificatePem());
        }

        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start(1024);
        Console.WriteLine($"{(certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        new Thread(() => Accept(listener, answers, delay, certificate)) { IsBackground = true }.Start();
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static void Accept(TcpListener listener, (byte[], byte[], byte[]) answers, int delay, X509Certificate2? certificate)
    {
        while (true)
        {
            Socket connection = listener.AcceptSocket();
            connection.NoDelay = true;
            new Thread(() => Serve(connection, answers, delay, certificate), maxStackSize: 256 << 10) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket connection, (byte[] LsRefs, byte[] V2, byte[] V0) answers, int delay, X509Certificate2? certificate)
    {
        try
        {
            using Stream plain = new NetworkStream(connection, ownsSocket: true);
            using SslStream? tls = certificate is null ? null : new SslStream(plain);
            tls?.AuthenticateAsServer(certificate!);
            Stream stream = tls ?? plain;
            byte[] buffer = new byte[64 << 10];
            int length = 0;
            while (true)
            {
                int end;
                while ((end = RequestEnd(buffer.AsSpan(0, length))) < 0)
                {
                    int read = stream.Read(buffer, length, buffer.Length - length);
                    if (read == 0)
                    {
                        return;
                    }

                    length += read;
                }

                ReadOnlySpan<byte> request = buffer.AsSpan(0, end);
                byte[] answer = request[0] == (byte)'P' ? answers.LsRefs : request.IndexOf("version=2"u8) >= 0 ? answers.V2 : answers.V0;
                if (delay > 0)
                {
                    Thread.Sleep(delay);
                }

                stream.Write(answer);
                buffer.AsSpan(end, length - end).CopyTo(buffer);
                length -= end;
            }
        }
        catch (Exception end) when (end is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client has left.
        }
    }

    /// <summary>Where the first request ends, its body included; -1: not here yet.</summary>
    private static int RequestEnd(ReadOnlySpan<byte> bytes)
    {
        int head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return -1;
        }

        int body = head + 4;
        ReadOnlySpan<byte> headers = bytes[..body];
        int field = headers.IndexOf("Content-Length: "u8);
        if (field >= 0)
        {
            ReadOnlySpan<byte> value = headers[(field + 16)..];
            body += int.Parse(value[..value.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
            return bytes.Length >= body ? body : -1;
        }

        if (headers.IndexOf("hunked"u8) < 0)
        {
            return body;
        }

        int last = bytes[body..].IndexOf("0\r\n\r\n"u8);
        return last < 0 ? -1 : body + last + 5;
    }

    private static (byte[] LsRefs, byte[] V2, byte[] V0) Answers(string oid)
    {
        StringBuilder lsRefs = new(Pkt($"{oid} HEAD symref-target:refs/heads/main\n"));
        StringBuilder v0 = new(Pkt("# service=git-upload-pack\n") + "0000"
            + Pkt($"{oid} HEAD\0multi_ack_detailed no-done side-band-64k thin-pack ofs-delta shallow symref=HEAD:refs/heads/main object-format=sha1 agent=git/2.39.5\n"));
        foreach (string name in Refs)
        {
            lsRefs.Append(Pkt($"{oid} {name}\n"));
            v0.Append(Pkt($"{oid} {name}\n"));
        }

        string v2 = Pkt("# service=git-upload-pack\n") + "0000" + Pkt("version 2\n") + Pkt("agent=git/2.39.5\n") + Pkt("ls-refs=unborn\n")
            + Pkt("fetch=shallow wait-for-done filter\n") + Pkt("object-format=sha1\n") + "0000";
        return (Http("result", lsRefs + "0000"), Http("advertisement", v2), Http("advertisement", v0 + "0000"));
    }

    private static string Pkt(string text) => (text.Length + 4).ToString("x4", CultureInfo.InvariantCulture) + text;

    private static byte[] Http(string kind, string body) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-{kind}\r\nCache-Control: no-cache\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
