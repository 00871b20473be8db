using Perdure.Sqlite.Writing;

namespace Perdure.Stores.Tests.Sqlite;

public sealed class WriterTurnTests
{
    [Fact]
    public void GiveWay_ToAMarkOfADeadProcess_RemovesIt()
    {
        using var file = new TempDatabase();
        File.WriteAllText(file.Path + "-waiting", "");

        new WriterTurn(file.Path).GiveWay();

        Assert.False(File.Exists(file.Path + "-waiting"));
    }

    [Fact]
    public void GiveWay_ToOneThatWaits_PausesUntilItStops()
    {
        using var file = new TempDatabase();
        var waiting = new WriterTurn(file.Path);
        waiting.Wait();
        Assert.True(File.Exists(file.Path + "-waiting"));
        var writing = new WriterTurn(file.Path);

        writing.GiveWay();
        Assert.True(File.Exists(file.Path + "-waiting"), "the mark of one that waits must not be taken away");
        waiting.StopWaiting();

        Assert.False(File.Exists(file.Path + "-waiting"));
    }
}
