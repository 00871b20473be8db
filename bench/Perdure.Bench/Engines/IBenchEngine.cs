using Perdure.Storage;

namespace Perdure.Bench.Engines;

/// <summary>An engine that runs workflows, whatever it stands on. Thread safe.</summary>
internal interface IBenchEngine : IAsyncDisposable
{
    IPerdureStore Store { get; }

    /// <summary>Starts a run and waits for its durable result.</summary>
    Task<TOut> RunAsync<TIn, TOut>(WorkflowDefinition<TIn, TOut> workflow, TIn input);
}
