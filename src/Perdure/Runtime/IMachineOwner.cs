namespace Perdure.Runtime;

/// <summary>Whoever drives a <see cref="RunMachine"/>.</summary>
internal interface IMachineOwner
{
    /// <summary>Something that is not durable came back; the owner must call <see cref="RunMachine.CheckForeign"/> in a turn. On any thread.</summary>
    void ForeignPosted();

    /// <summary>Name of a step or activity whose body runs in this process; null for none. On any thread.</summary>
    string? BodyInProgress { get; }
}
