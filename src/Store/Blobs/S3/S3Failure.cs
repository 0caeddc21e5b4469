namespace Actors.Store.Blobs.S3;

/// <summary>What an exception of the SDK says.</summary>
/// <param name="Words">Status and code, without keys or signatures.</param>
/// <param name="IsTransient">Whether asking again may help.</param>
internal readonly record struct S3Failure(string Words, bool IsTransient);
