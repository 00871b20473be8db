namespace Perdure.Authoring;

/// <summary>
/// An exception that brings its own stable code; those of a foreign base class cannot derive from <see cref="PerdureException"/>.
/// </summary>
internal interface ICodedError
{
    string Code { get; }
}
