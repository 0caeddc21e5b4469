using Actors.Web.Access;

namespace Actors.Web.Api;

/// <summary>The API's description (OpenAPI 3.1), kept by hand in <c>openapi.json</c>; a test compares it with what is mapped.</summary>
internal static class OpenApiDocument
{
    private const string Resource = "openapi.json";

    public static void Map(ApiRoutes routes)
    {
        byte[] document = Read();
        routes.Get("/openapi/v1.json", call => call.WriteBytesAsync(document, ApiCall.JsonType), AccessScope.None);
    }

    internal static byte[] Read()
    {
        using Stream stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(Resource)!;
        byte[] document = new byte[stream.Length];
        stream.ReadExactly(document);
        return document;
    }
}
