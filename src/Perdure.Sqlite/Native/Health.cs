namespace Perdure.Sqlite.Native;

/// <summary>Whether the file is known to be damaged. Shared by all connections of a store; once damaged, always damaged.</summary>
internal sealed class Health
{
    private StoreException? _damage;

    public void Report(StoreException fault)
    {
        if (fault.Fault == StoreFault.Corrupt) Interlocked.CompareExchange(ref _damage, fault, null);
    }

    public void ThrowIfDamaged()
    {
        if (Volatile.Read(ref _damage) is { } damage) throw new StoreException(StoreFault.Corrupt, damage.Message, damage);
    }
}
