namespace Perdure.Bench.Measuring;

/// <summary>A directory of this process for the databases of its cases; removed with everything in it.</summary>
internal sealed class Scratch : IDisposable
{
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

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
