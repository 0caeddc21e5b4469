namespace Actors.Client;

/// <summary>Something that the person at the console can mend: the message says what is wrong and what to do. Shown without a stack.</summary>
internal sealed class UserErrorException(string message, Exception? innerException = null) : Exception(message, innerException);
