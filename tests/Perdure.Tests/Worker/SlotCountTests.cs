using Perdure.Worker;

namespace Perdure.Tests.Worker;

/// <summary>Slots of a queue in one worker: counted exactly, whoever takes and frees them.</summary>
public class SlotCountTests
{
    [Fact]
    public void Take_MoreThanThereIs_GivesWhatIsLeft()
    {
        var slots = new SlotCount("slow", 3);

        Assert.Equal((2, 1, 0), (slots.Take(2), slots.Take(5), slots.Take(1)));
    }

    [Fact]
    public void Free_TellsThatASlotIsWanted_OnlyAfterSomebodyGotNone()
    {
        var slots = new SlotCount("slow", 1);
        slots.Take(1);
        Assert.False(slots.Free(1));
        slots.Take(1);
        Assert.Equal(0, slots.Take(1));
        Assert.False(slots.Free(0));
        Assert.True(slots.Free(1));
        slots.Take(1);
        Assert.False(slots.Free(1));
    }

    [Fact]
    public void IsFull_CountsAsAWish()
    {
        var slots = new SlotCount("slow", 1);
        Assert.False(slots.IsFull());
        slots.Take(1);
        Assert.True(slots.IsFull());
        Assert.True(slots.Free(1));
    }

    [Fact]
    public async Task TakeAndFree_FromManyThreads_NeverGiveMoreThanTheLimit()
    {
        const int Limit = 3;
        var slots = new SlotCount("slow", Limit);
        var (held, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                var taken = slots.Take(1 + i % 2);
                var now = Interlocked.Add(ref held, taken);
                InterlockedMax(ref most, now);
                Interlocked.Add(ref held, -taken);
                slots.Free(taken);
            }
        })));

        Assert.InRange(most, 1, Limit);
        Assert.Equal(Limit, slots.Take(Limit + 1));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
            if (Interlocked.CompareExchange(ref target, value, seen) == seen) return;
    }
}
