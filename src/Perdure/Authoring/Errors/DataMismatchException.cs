using Perdure.Authoring;

namespace Perdure;

/// <summary>A value of a run's data is not what an operation on it needs: appended to, but no list; counted, but no number. Never retried.</summary>
public sealed class DataMismatchException : PerdureException, IFinalError
{
    internal DataMismatchException(string key, string expected)
        : base(ErrorCodes.DataMismatch, $"The data under \"{SafeText.Shorten(key, 255)}\" is not {expected}.") => Key = key;

    /// <summary>The key.</summary>
    public string Key { get; }
}
