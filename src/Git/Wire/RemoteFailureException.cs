using Actors.Git.Remotes;

namespace Actors.Git.Wire;

/// <summary>
/// Carries a remote's failure up from inside a stream, where no other way leads: through the receiver of a pack too,
/// which lets it pass as an <see cref="IOException"/>. <see cref="GitClient"/> turns it into a value.
/// </summary>
internal sealed class RemoteFailureException(RemoteFailure failure, Exception? inner = null) : IOException(failure.Message, inner)
{
    public RemoteFailureException(RemoteFailureKind kind, string message, Exception? inner = null)
        : this(new RemoteFailure(kind, message), inner)
    {
    }

    public RemoteFailure Failure { get; } = failure;
}
