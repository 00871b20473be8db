namespace Perdure.Sqlite.Native;

/// <summary>
/// What is bound to the parameters of a statement. SQLite keeps it when the statement is reset, and a call into SQLite costs more than a comparison: a
/// value that is bound already, such as the name of a queue, need not be bound again.
/// </summary>
internal sealed class BoundValues
{
    private Slot[] _slots = [];

    private enum Kind : byte
    {
        /// <summary>Nothing yet, or something that is not compared.</summary>
        Unknown,
        Null,
        Number,
        Text,
    }

    /// <summary>Whether the value must be bound; from now on it counts as bound.</summary>
    public bool Replaces(int index, long value)
    {
        ref var slot = ref At(index);
        if (slot.Kind == Kind.Number && slot.Number == value) return false;
        slot = new Slot(Kind.Number, value, null);
        return true;
    }

    /// <inheritdoc cref="Replaces(int, long)"/>
    public bool Replaces(int index, string value)
    {
        ref var slot = ref At(index);
        if (slot.Kind == Kind.Text && slot.Text == value) return false;
        slot = new Slot(Kind.Text, 0, value);
        return true;
    }

    /// <summary>As <see cref="Replaces(int, long)"/>, for NULL.</summary>
    public bool ReplacesByNull(int index)
    {
        ref var slot = ref At(index);
        if (slot.Kind == Kind.Null) return false;
        slot = new Slot(Kind.Null, 0, null);
        return true;
    }

    /// <summary>Something is bound that is not worth comparing, or binding failed.</summary>
    public void Forget(int index) => At(index) = default;

    private ref Slot At(int index)
    {
        if (index >= _slots.Length) Array.Resize(ref _slots, Math.Max(index + 1, _slots.Length * 2));
        return ref _slots[index];
    }

    private readonly record struct Slot(Kind Kind, long Number, string? Text);
}
