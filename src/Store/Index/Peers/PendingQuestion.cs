using Actors.Git;

namespace Actors.Store.Index.Peers;

/// <summary>A question on its way, and the memory where its answer goes.</summary>
internal sealed class PendingQuestion(PeerAnswer answer, Memory<long> found)
{
    /// <summary>Ends with the reply.</summary>
    public TaskCompletionSource<PeerStatus> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when nobody writes to the memory any more, if somebody has begun to.</summary>
    public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The reply has come.</summary>
    /// <exception cref="GitFormatException">It answers another question.</exception>
    public void Take(PeerReply reply, ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (reply.Answer != answer || reply.Count != found.Length)
            {
                throw new GitFormatException(GitFormatError.Response, "A reply answers another question than it says", 0);
            }

            if (reply.Status == PeerStatus.Ok)
            {
                reply.CopyTo(bytes, found.Span);
            }

            _ = Reply.TrySetResult(reply.Status);
        }
        catch (GitFormatException other)
        {
            Fail(other);
            throw;
        }
        finally
        {
            _ = Written.TrySetResult();
        }
    }

    /// <summary>No reply will come.</summary>
    public void Fail(Exception? cause)
    {
        _ = Reply.TrySetException(new IOException("The connection to an index process broke.", cause));
        _ = Written.TrySetResult();
    }
}
