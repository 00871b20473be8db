namespace Perdure.Tests.Architecture.Reading;

/// <summary>An outermost type of an assembly.</summary>
/// <param name="Name">Full name, with the arity behind a back quote.</param>
/// <param name="Namespace">Namespace.</param>
/// <param name="Documents">The source files that it was compiled from, as the symbols name them, with forward slashes.</param>
internal sealed record CompiledType(string Name, string Namespace, IReadOnlyCollection<string> Documents);
