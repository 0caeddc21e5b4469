using System.Security.Cryptography.X509Certificates;
using Actors.Silo.Settings;
using Orleans.Connections.Security;
using Orleans.Hosting;

namespace Actors.Silo;

/// <summary>TLS between silos, with certificates on both sides: by one authority, or one certificate that all of them have.</summary>
internal static class SiloTls
{
    public static void Use(ISiloBuilder silo, SiloSettings settings)
    {
        X509Certificate2 own = X509Certificate2.CreateFromPemFile(settings.SiloCertificate!);
        X509Certificate2? authority = settings.SiloAuthority is { } file ? X509CertificateLoader.LoadCertificateFromFile(file) : null;
        silo.UseTls(options =>
        {
            options.LocalCertificate = own;
            options.CheckCertificateRevocation = false;
            options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
            options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
            options.OnAuthenticateAsClient = (_, client) => client.TargetHost = own.GetNameInfo(X509NameType.DnsName, forIssuer: false);
            options.RemoteCertificateValidation = (other, _, _) => other is not null && IsTrusted(other, own, authority);
        });
    }

    private static bool IsTrusted(X509Certificate2 other, X509Certificate2 own, X509Certificate2? authority)
    {
        if (authority is null)
        {
            return other.RawData.AsSpan().SequenceEqual(own.RawData);
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(other);
    }
}
