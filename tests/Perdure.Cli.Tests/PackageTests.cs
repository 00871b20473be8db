using System.Diagnostics;
using System.IO.Compression;
using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests;

/// <summary>The tool as a package.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pack_MakesAToolWithTheCommandPerdure()
    {
        await DotnetAsync("pack", Repository.Path("src", "Perdure.Cli"), "--no-build", "-c", Configuration, "-o", _folder.Path, "--nologo", "-v", "quiet");
        var package = Assert.Single(Directory.GetFiles(_folder.Path, "Perdure.Cli.*.nupkg"));
        using (var zip = ZipFile.OpenRead(package))
        {
            using var settings = new StreamReader(zip.GetEntry("tools/net10.0/any/DotnetToolSettings.xml")!.Open());
            Assert.Contains("<Command Name=\"perdure\" EntryPoint=\"Perdure.Cli.dll\"", await settings.ReadToEndAsync(), StringComparison.Ordinal);
            Assert.NotNull(zip.GetEntry("README.md"));
            Assert.NotNull(zip.GetEntry("tools/net10.0/any/runtimes/linux-x64/native/libe_sqlite3.so"));
            Assert.DoesNotContain(zip.Entries, entry => entry.FullName.Contains("mips", StringComparison.Ordinal));
        }

        var bin = _folder.File("bin");
        await DotnetAsync("tool", "install", "--tool-path", bin, "--source", _folder.Path, "--prerelease", "Perdure.Cli");
        var version = await RunAsync(Path.Combine(bin, OperatingSystem.IsWindows() ? "perdure.exe" : "perdure"), "--version");
        Assert.StartsWith("0.", version, StringComparison.Ordinal);
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name == "release" ? "Release" : "Debug";

    private Task<string> DotnetAsync(params string[] words) => RunAsync("dotnet", words);

    private async Task<string> RunAsync(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        foreach (var word in words) start.ArgumentList.Add(word);
        // A package of another build under the same version must not be taken from the machine's cache.
        start.Environment["NUGET_PACKAGES"] = _folder.File("cache");
        start.Environment["DOTNET_CLI_HOME"] = _folder.Path;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', words)} ended with {process.ExitCode}: {await output}{await error}");
        return await output;
    }
}
