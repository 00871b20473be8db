namespace Perdure.Formats;

/// <summary>Note of a ChildStarted event: the child's id, and what becomes of it when its parent ends where that is not the usual.</summary>
/// <param name="Id">Public id of the child.</param>
/// <param name="Policy">What becomes of it.</param>
internal readonly record struct ChildNote(string Id, ParentClosePolicy Policy)
{
    private const char Separator = ':';

    public static ChildNote Read(string note)
    {
        var split = note.IndexOf(Separator, StringComparison.Ordinal);
        return split < 0 ? new(note, ParentClosePolicy.RequestCancel) : new(note[(split + 1)..], Enum.Parse<ParentClosePolicy>(note.AsSpan(0, split)));
    }

    public string Write() => Policy == ParentClosePolicy.RequestCancel && !Id.Contains(Separator, StringComparison.Ordinal) ? Id : $"{Policy}{Separator}{Id}";
}
