using System.Collections;

namespace Perdure.Storage;

/// <summary>Answers to bundles that only appended events: they have nothing to say, so they need no room.</summary>
internal sealed class Silence(int count) : IReadOnlyList<BundleOutcome>
{
    private static readonly BundleOutcome Nothing = new();

    public int Count => count;

    public BundleOutcome this[int index] =>
        (uint)index < (uint)count ? Nothing : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<BundleOutcome> GetEnumerator()
    {
        for (var i = 0; i < count; i++) yield return Nothing;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
