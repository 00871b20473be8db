namespace Perdure.Cli.Tests.Running;

/// <summary>A store with a worker on it, for all tests of a class.</summary>
public sealed class WorkedStore : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private RunningTool? _worker;

    internal Tool Tool { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Tool = new Tool(_folder.File("app.db"));
        Tool.Environment["CLI_TEST_EFFECTS"] = _folder.File("effects");
        _worker = await Tool.WorkAsync();
    }

    /// <summary>A run that waits for the signal <c>approved</c>.</summary>
    internal async Task<string> WaitingRunAsync()
    {
        var id = (await Tool.DoneAsync("start", "approve", "--input", "\"it\"")).Trim();
        for (var tries = 0; (await Tool.JsonAsync("query", id)).GetProperty("status").GetString() != "Suspended"; tries++) Assert.InRange(tries, 0, 100);
        return id;
    }

    public async Task DisposeAsync()
    {
        if (_worker is not null) await _worker.DisposeAsync();
        _folder.Dispose();
    }
}
