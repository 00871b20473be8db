namespace Perdure.Tests;

/// <summary>The working copy that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string File(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (System.IO.File.Exists(Path.Combine(directory.FullName, "Perdure.slnx"))) return directory.FullName;
        throw new DirectoryNotFoundException($"No directory above {AppContext.BaseDirectory} holds Perdure.slnx.");
    }
}
