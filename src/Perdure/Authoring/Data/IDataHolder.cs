namespace Perdure.Authoring;

/// <summary>The run whose code changes the data.</summary>
internal interface IDataHolder
{
    /// <summary>Returns if workflow code of the run is running right now.</summary>
    /// <exception cref="ContextReadOnlyException">Somebody else asks: the body of a step, another thread.</exception>
    void MustMayWrite();
}
