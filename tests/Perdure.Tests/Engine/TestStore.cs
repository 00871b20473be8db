using Microsoft.Extensions.DependencyInjection;
using Perdure.Hosting;
using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Testing.Shared;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Tests.Engine;

/// <summary>Where the runs of a test live, for one engine after the other or for several at once.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly StoreKind _kind;
    private readonly DirectoryInfo? _folder;
    private readonly MemoryStore? _memory;
    private readonly string? _schema;

    public TestStore(StoreKind kind)
    {
        _kind = kind;
        if (kind == StoreKind.Memory) _memory = new MemoryStore(Clock);
        else if (kind == StoreKind.PostgreSql) _schema = ClockedStores.NewSchema();
        else _folder = Directory.CreateTempSubdirectory("perdure-");
    }

    /// <summary>The store's clock, and that of every engine on it: time passes when the test says so.</summary>
    public ManualClock Clock { get; } = new();

    /// <summary>Watches the calls of engines to the store; null lets them be.</summary>
    public Func<IPerdureStore, IPerdureStore>? Wrap { get; init; }

    /// <summary>On SQLite: what provokes, in the stores that are used from now on, what is hard to provoke from outside.</summary>
    public string WriterPragmas { get; set; } = "";

    /// <summary>The folder, of the file store.</summary>
    public string Folder => System.IO.Path.Combine(_folder!.FullName, "runs");

    /// <summary>The database file, on SQLite.</summary>
    public string Path => System.IO.Path.Combine(_folder!.FullName, "runs.db");

    /// <param name="builder">The engine's.</param>
    /// <param name="wrap">Stands between this one engine and the store.</param>
    public void Use(IPerdureBuilder builder, Func<IPerdureStore, IPerdureStore>? wrap = null)
    {
        if (wrap is null)
        {
            Use(builder);
            return;
        }
        var plain = new ServiceCollection().AddPerdureClient();
        Use(plain);
        builder.UseStore(services => wrap(PerdureSetup.Of(plain).CreateStore(services)));
    }

    private void Use(IPerdureBuilder builder)
    {
        // Disposing a store in memory keeps what it holds, so the next engine finds it.
        if (Wrap is not null && _memory is not null) builder.UseStore(_ => Wrap(_memory));
        else if (_memory is not null) builder.UseStore(_ => _memory);
        else if (_schema is not null) builder.UseStore(_ => ClockedStores.Create(_schema, Clock));
        else if (_kind == StoreKind.File) builder.UseFile(Folder, options => options.Flushes = false);
        else builder.UseSqlite($"Data Source={Path}", options => options.WriterPragmas = WriterPragmas);
    }

    public override string ToString() => _kind.ToString();

    public void Dispose() => _folder?.Delete(recursive: true);
}
