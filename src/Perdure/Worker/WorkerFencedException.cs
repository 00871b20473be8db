namespace Perdure.Worker;

/// <summary>This process was presumed dead while it wrote: nothing of it was stored, and the caller goes another way.</summary>
internal sealed class WorkerFencedException() : Exception("The worker was presumed dead and writes nothing more.");
