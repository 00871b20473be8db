namespace Perdure.Authoring;

/// <summary>Data that belongs to nobody but who holds it: anyone may write.</summary>
internal sealed class FreeData : IDataHolder
{
    public static readonly FreeData Instance = new();

    public void MustMayWrite()
    {
    }
}
