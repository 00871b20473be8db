using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>One thing that the workflow asked of the engine, from its issue to its outcome.</summary>
internal abstract class Operation(int number, OperationKind kind, string name, SourceLine source, bool shielded)
{
    /// <summary>Operations are numbered in the order in which the code issues them.</summary>
    public int Number { get; } = number;

    public OperationKind Kind { get; } = kind;

    public string Name { get; } = name;

    public SourceLine Source { get; } = source;

    /// <summary>Issued inside a shield: a cancellation does not touch it.</summary>
    public bool Shielded { get; } = shielded;

    /// <summary>Whether it is over: its outcome is known, or it was given up.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The step of a pipeline whose code asked for it, where the operation's own name does not tell; null for none.</summary>
    public string? Place { get; set; }

    /// <summary>When a timer of this operation is due: a sleep's end, a wait's limit, a retry.</summary>
    public Instant Due { get; set; } = Instant.Never;

    /// <summary>The task that the workflow code holds.</summary>
    public abstract Task Task { get; }

    /// <summary>Whether it is what the code holds as <paramref name="task"/>.</summary>
    public virtual bool IsBehind(Task task) => ReferenceEquals(Task, task);

    /// <summary>Completes the task from a recorded outcome. Called inside the pump.</summary>
    /// <exception cref="BlockException">The payload does not fit the type that the code declares.</exception>
    public abstract void Complete(in EventRecord outcome, PayloadCodec codec);

    /// <summary>Completes the task with an exception. Called inside the pump.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Marks the operation as over.</summary>
    public void Close() => IsDone = true;

    /// <summary>"Order.cs:12", or null when the call's place is not known.</summary>
    public string? SourceText => Source.Line == 0 ? null : Source.ToString();

    public override string ToString()
    {
        var place = Place is null ? "" : $" in step \"{Place}\"";
        return Source.Line == 0 ? $"{Kind} \"{Name}\"{place} (operation {Number})" : $"{Kind} \"{Name}\"{place} (operation {Number}, {Source})";
    }
}
