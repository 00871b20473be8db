namespace Perdure.Runtime;

/// <summary>Whoever drives a <see cref="RunMachine"/>.</summary>
internal interface IMachineOwner
{
    /// <summary>Something that is not durable came back; the owner must call <see cref="RunMachine.CheckForeign"/> in a turn. On any thread.</summary>
    void ForeignPosted();
}
