namespace Perdure.Runtime;

/// <summary>Whoever is told what comes out of a <see cref="Pump"/> and should not.</summary>
internal interface IPumpOwner
{
    /// <summary>Something came back from outside the run. On any thread.</summary>
    void ForeignPosted();

    /// <summary>An exception that no task took: that of an <c>async void</c> method.</summary>
    void Strayed(Exception exception);
}
