namespace Perdure.Tests.Architecture.Reading;

/// <summary>One reference that compiled code makes.</summary>
/// <param name="Type">The outermost type that makes it.</param>
/// <param name="Site">The type and method it is made in, without compiler-made names: <c>Perdure.Worker.LoopThread.Start</c>.</param>
/// <param name="Assembly">The assembly of the type that is referred to.</param>
/// <param name="Target">That type, outermost.</param>
/// <param name="Member">The member with its parameter types, as <c>System.Threading.Thread::Yield()</c>; empty when only the type is named.</param>
internal readonly record struct CodeUse(string Type, string Site, string Assembly, string Target, string Member);
