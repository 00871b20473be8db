using System.Text;
using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class RunDataTests
{
    private readonly Holder _holder = new();
    private readonly RunData _data;

    public RunDataTests() => _data = new RunData(_holder, PayloadCodec.Default);

    [Fact]
    public void Put_Value_IsReadBackByItsType()
    {
        _data.Put("order", new Order("a", 3));
        _data.Put("nothing", (string?)null);

        Assert.Equal(new Order("a", 3), _data.Get<Order>("order"));
        Assert.Null(_data.Get("nothing", "other"));
        Assert.True(_data.Has("nothing"));
        Assert.Equal(7, _data.Get("missing", 7));
        Assert.Equal(0, _data.Get<int>("missing"));
    }

    [Fact]
    public void Put_Map_ReplacesItsKeysAndKeepsOthers()
    {
        _data.Put("a", 1);
        _data.Put("b", new { x = 1 });
        _data.Put(new Dictionary<string, object?> { ["b"] = new { y = 2 }, ["c"] = null });

        Assert.Equal("""{"a":1,"b":{"y":2},"c":null}""", Text(_data.Values.Write()));
    }

    [Fact]
    public void Merge_Map_GoesIntoObjectsAtAnyDepth()
    {
        _data.Put(new { a = new { b = new { c = 1, d = new[] { 1 } }, e = 5 } });
        _data.Merge(new { a = new { b = new { d = new[] { 2 }, f = true } }, g = "new" });

        Assert.Equal("""{"a":{"b":{"c":1,"d":[2],"f":true},"e":5},"g":"new"}""", Text(_data.Values.Write()));
    }

    [Fact]
    public void Append_MissingKey_MakesAListOfOne()
    {
        _data.Append("log", "one");
        _data.Append("log", "two");
        _data.Append("log", new { n = 3 });

        Assert.Equal("""["one","two",{"n":3}]""", _data.All["log"].GetRawText());
    }

    [Fact]
    public void Append_ToWhatIsNoList_IsRefused()
    {
        _data.Put("log", "text");
        Assert.Equal("PERD1421", Assert.Throws<DataMismatchException>(() => _data.Append("log", 1)).Code);
        Assert.Equal("log", Assert.Throws<DataMismatchException>(() => _data.Increment("log")).Key);
    }

    [Fact]
    public void Increment_MissingKey_BeginsAtZero()
    {
        _data.Increment("n");
        _data.Increment("n", 2);
        _data.Increment("n", -0.5m);
        _data.Put("large", 1e300);

        Assert.Equal(2.5m, _data.Get<decimal>("n"));
        Assert.Throws<DataMismatchException>(() => _data.Increment("large"));
    }

    [Fact]
    public void Update_Key_GetsItsValueOrTheDefault()
    {
        _data.Update<int>("n", n => n + 1);
        _data.Update("n", 10, n => n * 2);
        _data.Update("m", 10, n => n * 2);

        Assert.Equal((2, 20), (_data.Get<int>("n"), _data.Get<int>("m")));
    }

    [Fact]
    public void Remove_Key_FallsBackToTheDefault()
    {
        _data.Put("a", 1);
        _data.Remove("a");
        _data.Remove("never");

        Assert.Equal(9, _data.Get("a", 9));
        Assert.False(_data.Has("a"));
        Assert.Empty(_data.All);
    }

    [Fact]
    public void Record_Delta_HoldsWhatChangedAndWhatIsGone()
    {
        _data.Put(new { a = 1, b = 2, c = 3 });
        _data.Record(_data.Delta());
        Assert.False(_data.IsChanged);

        _data.Put("b", 5);
        _data.Remove("a");
        _data.Put("d", 1);
        _data.Remove("d");
        Assert.Equal("""{"set":{"b":5},"removed":["a","d"]}""", Text(_data.Delta()));
    }

    [Fact]
    public void Record_OtherValues_WinOverTheCodes()
    {
        _data.Put("a", 1);
        _data.Put("b", 1);
        _data.Record("""{"set":{"a":7},"removed":["b"]}"""u8.ToArray());

        Assert.Equal("""{"a":7}""", Text(_data.Values.Write()));
    }

    [Fact]
    public void Snapshot_LaterChanges_DoNotShow()
    {
        _data.Put("a", 1);
        var before = _data.Snapshot();
        _data.Put("a", 2);

        Assert.Equal((1, 2), (before.Get<int>("a"), _data.Get<int>("a")));
        Assert.IsNotType<RunData>(before);
    }

    [Fact]
    public void Put_OutsideTheCode_IsRefusedAndChangesNothing()
    {
        _data.Put("a", 1);
        _holder.MayWrite = false;
        Action[] writes =
        [
            () => _data.Put("a", 2), () => _data.Put(new { a = 2 }), () => _data.Merge(new { a = 2 }), () => _data.Remove("a"),
            () => _data.Append("b", 1), () => _data.Increment("a"), () => _data.Update<int>("a", n => n + 1),
        ];
        foreach (var write in writes) Assert.Equal("PERD1420", Assert.Throws<ContextReadOnlyException>(write).Code);
        Assert.Equal(1, _data.Get<int>("a"));
    }

    [Fact]
    public void Put_MoreThanTheLimitTogether_IsRefusedAndChangesNothing()
    {
        _data.Put("a", new string('x', 600_000));
        Assert.Throws<PayloadTooLargeException>(() => _data.Put("b", new string('x', 600_000)));
        _data.Put("a", "small");
        _data.Put("b", new string('x', 600_000));

        Assert.Equal("small", _data.Get<string>("a"));
    }

    [Fact]
    public void Put_WhatIsNoObjectOrKey_IsRefused()
    {
        Assert.Throws<InputValidationException>(() => _data.Put(3));
        Assert.Throws<InputValidationException>(() => _data.Merge(new[] { 1 }));
        Assert.Equal("PERD1002", Assert.Throws<InvalidOptionException>(() => _data.Put("_own", 3)).Code);
        Assert.Equal("PERD1002", Assert.Throws<InvalidOptionException>(() => _data.Put("", 3)).Code);
    }

    [Fact]
    public void All_Values_AreInTheOrderOfTheirKeys()
    {
        _data.Put(new { b = 1, a = 2 });
        Assert.Equal(["a", "b"], _data.All.Keys);
        Assert.Equal(JsonValueKind.Number, _data.All["a"].ValueKind);
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    private sealed record Order(string Id, int Count);

    private sealed class Holder : IDataHolder
    {
        public bool MayWrite { get; set; } = true;

        public void MustMayWrite()
        {
            if (!MayWrite) throw new ContextReadOnlyException();
        }
    }
}
