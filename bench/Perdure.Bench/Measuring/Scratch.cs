using Perdure.Bench.Engines;

namespace Perdure.Bench.Measuring;

/// <summary>A directory of this process for the databases of its cases; removed with everything in it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly PostgresHost _postgres = new();
    private int _files;

    public Scratch(string parent)
    {
        Directory = Path.Combine(parent, $"perdure-bench-{Environment.ProcessId}");
        System.IO.Directory.CreateDirectory(Directory);
    }

    public string Directory { get; }

    /// <summary>Path of a file that does not exist yet.</summary>
    public string NewFile() => Path.Combine(Directory, $"{Interlocked.Increment(ref _files)}.db");

    /// <summary>Removes a database with its log.</summary>
    public static void Remove(string path)
    {
        foreach (var file in System.IO.Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*")) File.Delete(file);
    }

    /// <summary>A database that is empty, or does not exist yet.</summary>
    public Place NewPlace(Backend backend) => new(backend, backend == Backend.Postgres ? _postgres.NewDatabase() : NewFile());

    /// <summary>Removes a database.</summary>
    public void Remove(Place place)
    {
        if (place.Backend == Backend.Postgres) _postgres.Drop(place.Address);
        else if (place.Backend == Backend.File) System.IO.Directory.Delete(place.Address, recursive: true);
        else Remove(place.Address);
    }

    public void Dispose()
    {
        _postgres.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
