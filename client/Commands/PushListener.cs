using System.Net;
using System.Text;
using Actors.Sync.Schedules;
using Actors.Web.Webhooks;

namespace Actors.Client.Commands;

/// <summary>What <c>--webhooks</c> and <c>--webhook-secret-file</c> mean, for <c>watch</c> and <c>serve --watch</c>.</summary>
internal sealed class PushListener
{
    private readonly IPEndPoint _listen;
    private readonly byte[] _secret;

    private PushListener(IPEndPoint listen, byte[] secret) => (_listen, _secret) = (listen, secret);

    /// <summary>Checks both; null: pushes are not received.</summary>
    /// <exception cref="UserErrorException">One of them is not right.</exception>
    public static PushListener? Of(string? address, string? secretPath)
    {
        if (address is null)
        {
            return secretPath is null ? null : throw new UserErrorException("--webhook-secret-file is for --webhooks ADDRESS:PORT, which is missing");
        }

        return IPEndPoint.TryParse(address, out IPEndPoint? listen) && address.Contains(':', StringComparison.Ordinal)
            ? new PushListener(listen, ReadSecret(secretPath))
            : throw new UserErrorException($"--webhooks: '{address}' is not ADDRESS:PORT, as 127.0.0.1:8422");
    }

    /// <summary>Begins to receive for a watch.</summary>
    public Task<WebhookServer> StartAsync(Watch watch, TimeProvider clock, CancellationToken cancellationToken) =>
        WebhookServer.StartAsync(new WebhookOptions { Listen = _listen, Secret = _secret, Clock = clock, Tell = watch.TellAsync }, cancellationToken);

    private static byte[] ReadSecret(string? path)
    {
        try
        {
            string secret = path is null ? "" : File.ReadAllText(path).Trim();
            return secret.Length >= 8 ? Encoding.UTF8.GetBytes(secret)
                : throw new UserErrorException("--webhooks needs --webhook-secret-file with a secret of at least eight characters: without it everybody could tell of pushes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--webhook-secret-file: cannot read '{path}': {e.Message}", e);
        }
    }
}
