using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>A child to be born with the draft that says that it was started.</summary>
/// <param name="Call">What was asked for.</param>
/// <param name="Id">Its public id.</param>
/// <param name="Operation">The operation that started it.</param>
/// <param name="Input">Its input, JSON.</param>
/// <param name="At">When it was started.</param>
internal sealed record ChildWish(ChildCall Call, string Id, int Operation, ReadOnlyMemory<byte> Input, Instant At);
