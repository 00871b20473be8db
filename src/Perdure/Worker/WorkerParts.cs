using Microsoft.Extensions.DependencyInjection;
using Perdure.Authoring;
using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>What a worker is made of, whatever it is registered as.</summary>
internal sealed record WorkerParts
{
    public required IPerdureStore Store { get; init; }
    public required TimeProvider Clock { get; init; }
    public required IEntropy Entropy { get; init; }
    public required IEngineScheduler Scheduler { get; init; }
    public required WorkflowRegistry Workflows { get; init; }
    public required ActivityRegistry Activities { get; init; }
    public required RuntimeKit Kit { get; init; }
    public required EngineLog Log { get; init; }
    public IServiceScopeFactory? Scopes { get; init; }
    public WorkerSettings Settings { get; init; } = new();
}
