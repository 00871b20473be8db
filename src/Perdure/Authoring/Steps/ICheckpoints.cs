namespace Perdure.Authoring;

/// <summary>Where an attempt of a step saves how far it has come. Thread safe.</summary>
internal interface ICheckpoints
{
    /// <summary>What was saved last, JSON; empty for nothing.</summary>
    ReadOnlyMemory<byte> Load();

    /// <summary>Saves a value, JSON; empty deletes what was saved. Done when that is durable.</summary>
    /// <exception cref="OperationCanceledException">The attempt is over, or its process has lost the run.</exception>
    Task SaveAsync(ReadOnlyMemory<byte> value);
}
