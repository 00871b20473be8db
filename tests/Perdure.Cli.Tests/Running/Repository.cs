namespace Perdure.Cli.Tests.Running;

/// <summary>Files of the repository.</summary>
internal static class Repository
{
    public static string Path(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Perdure.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found.");
        return System.IO.Path.Combine([folder.FullName, .. parts]);
    }
}
