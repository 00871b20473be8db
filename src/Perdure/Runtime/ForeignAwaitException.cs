namespace Perdure.Runtime;

/// <summary>Thrown into code that uses a context outside its run's turn; the run is blocked as well.</summary>
internal sealed class ForeignAwaitException() : PerdureException(ErrorCodes.ForeignAwait,
    "The workflow context was used outside the workflow's own code: after awaiting something that is not an operation of the context, or from another thread. Do such work inside a step.");
