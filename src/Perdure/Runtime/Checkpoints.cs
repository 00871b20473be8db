using System.Collections.Concurrent;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>What steps have saved and not completed yet, by operation and name. Thread safe: turns write it, bodies read it.</summary>
internal sealed class Checkpoints
{
    private readonly ConcurrentDictionary<(int Operation, string Name), ReadOnlyMemory<byte>> _saved = new();

    public ReadOnlyMemory<byte> Find(int operation, string name) => _saved.GetValueOrDefault((operation, name));

    public void Set(int operation, string name, ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty) Drop(operation, name);
        else _saved[(operation, name)] = value;
    }

    public void Drop(int operation, string name) => _saved.TryRemove((operation, name), out _);

    /// <summary>Follows a history: a step that has completed needs what it saved no more.</summary>
    public void Note(in EventRecord e)
    {
        if (e.Kind == EventKind.StepCheckpoint) Set(e.Operation, e.Name, e.Data);
        else if (e.Kind == EventKind.StepCompleted) Drop(e.Operation, e.Name);
    }
}
