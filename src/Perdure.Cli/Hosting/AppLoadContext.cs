using System.Reflection;
using System.Runtime.Loader;

namespace Perdure.Cli.Hosting;

/// <summary>
/// Loads a user's assembly with the packages that stand beside it. What both sides hand to each other is shared: the framework, and Perdure with what it sits on. Everything
/// else, such as the tool's own console packages, neither side sees of the other.
/// </summary>
internal sealed class AppLoadContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private static readonly Dictionary<string, string> Shared = FindShared();

    private readonly AssemblyDependencyResolver _resolver = new(path);

    protected override Assembly? Load(AssemblyName name)
    {
        var own = _resolver.ResolveAssemblyToPath(name);
        if (name.Name is not null && Shared.TryGetValue(name.Name, out var shared) && (own is null || IsAtLeast(shared, name.Version))) return null;
        if (own is not null && IsPerdure(name.Name))
            throw new UsageException($"{Path.GetFileName(path)} was built with {name.Name} {name.Version?.ToString(3)}, which is newer than this tool's. Update the tool.");
        return own is null ? null : LoadFromAssemblyPath(own);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } own ? LoadUnmanagedDllFromPath(own) : 0;

    private static bool IsAtLeast(string path, Version? version) => version is null || AssemblyName.GetAssemblyName(path).Version >= version;

    private static bool IsPerdure(string? name) => name is "Perdure" or "Perdure.Sqlite" or "Perdure.PostgreSql";

    private static Dictionary<string, string> FindShared()
    {
        var shared = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var isTools = file.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal);
            // Two SQLite libraries in one process would not see each other's locks on a file.
            if (!isTools || IsPerdure(name) || name.StartsWith("SQLitePCLRaw.", StringComparison.OrdinalIgnoreCase)) shared[name] = file;
        }
        return shared;
    }
}
