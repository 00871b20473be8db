namespace Perdure.Tests.Runtime.Driving;

/// <summary>A child of a run that is driven without a store.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Operation">The operation that started it.</param>
internal readonly record struct StoredChild(string Id, int Operation);
