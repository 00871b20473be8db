namespace Perdure.Authoring;

/// <summary>An exception that no retry can help: the same code with the same input would throw it again.</summary>
internal interface IFinalError;
