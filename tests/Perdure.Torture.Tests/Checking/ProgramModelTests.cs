using Perdure.Torture.Checking;
using Perdure.Torture.Records;
using Perdure.Torture.Tests.Vectors;

namespace Perdure.Torture.Tests.Checking;

/// <summary>The checker's own idea of programs, against the same golden vectors as the interpreter.</summary>
public sealed class ProgramModelTests
{
    public static TheoryData<string> Names => VectorTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Replay_OfTheVector_ComesToItsEnd(string name)
    {
        var vector = Vector.All.Single(vector => vector.Name == name);
        var model = ProgramModel.Replay(vector.Program, Events(vector));

        Assert.Null(model.Complaint);
        Assert.Equal((vector.State, vector.Result), (model.State, model.Result));
        // Between two events a step may be asked for that the vector says nothing of, because its body could not begin any more.
        foreach (var (s, h) in vector.In) Assert.Equal(h, model.In[s]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Replay_OfAnotherResult_ComesToAnotherEnd(string name)
    {
        var vector = Vector.All.Single(vector => vector.Name == name);
        var events = Events(vector).ToList();
        if (vector.Result is null || events.FindLastIndex(e => e.Type == "step") is var last && last < 0) return;
        events[last] = events[last] with { X = "eeee" };

        Assert.NotEqual(vector.Result, ProgramModel.Replay(vector.Program, events).Result);
    }

    private static IEnumerable<DumpedEvent> Events(Vector vector)
    {
        var pos = 0;
        yield return new DumpedEvent(pos++, "started", null, null, 0, 1);
        foreach (var (s, value) in vector.Values) yield return new DumpedEvent(pos++, "value", s, value, 0, 1);
        foreach (var e in vector.Events) yield return new DumpedEvent(pos++, e.Type, e.S, e.X, 0, 1);
    }
}
