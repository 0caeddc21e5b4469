using Actors.Store.Blobs;

namespace Actors.Store.Catalogue;

/// <summary>Blobs that are going up and count for nothing yet.</summary>
/// <param name="Id">Never given again.</param>
/// <param name="Keys">Their names, which have the number in them.</param>
internal sealed record UploadIntent(long Id, IReadOnlyList<BlobKey> Keys);
