using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class RetryPolicyTests
{
    private const double Middle = 0.5;

    [Fact]
    public void C1_Default_waits_double_up_to_the_cap()
    {
        RetryPolicy policy = RetryPolicy.Default with { Jitter = 0, MaxAttempts = 9 };
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], WaitsOf(policy));
    }

    [Fact]
    public void A12_Exponential_by_name_waits_powers_of_its_base()
    {
        RetryPolicy policy = RetryPolicy.FromOptions(new Dictionary<string, string>
        {
            ["max_attempts"] = "5",
            ["backoff"] = "exponential",
            ["base"] = "2",
            ["max_backoff"] = "60",
        });
        Assert.Equal([2, 4, 8, 16], WaitsOf(policy));
        Assert.Equal([2, 4, 8, 16, 32, 60], WaitsOf(policy with { MaxAttempts = 7 }));
    }

    [Fact]
    public void A13_Linear_and_constant_waits()
    {
        RetryPolicy linear = RetryPolicy.FromOptions([new("backoff", "linear"), new("base", "2"), new("max_attempts", "4")]);
        RetryPolicy constant = RetryPolicy.FromOptions([new("backoff", "constant"), new("base", "2"), new("max_attempts", "4")]);
        Assert.Equal([2, 4, 6], WaitsOf(linear));
        Assert.Equal([2, 2, 2], WaitsOf(constant));
        Assert.Equal([2, 4, 6], WaitsOf(RetryPolicy.Linear(TimeSpan.FromSeconds(2)) with { MaxAttempts = 4 }));
        Assert.Equal([2, 2, 2], WaitsOf(RetryPolicy.Constant(TimeSpan.FromSeconds(2)) with { MaxAttempts = 4 }));
    }

    [Fact]
    public void A14_Linear_30s_with_3_retries_executes_at_0_30_90_180_s()
    {
        RetryPolicy policy = RetryPolicy.Linear(TimeSpan.FromSeconds(30)) with { MaxRetries = 3 };
        var executions = new List<double> { 0 };
        foreach (double wait in WaitsOf(policy)) executions.Add(executions[^1] + wait);
        Assert.Equal([0, 30, 90, 180], executions);
        Assert.Equal(4, policy.MaxAttempts);
    }

    [Fact]
    public void C12_List_repeats_its_last_wait()
    {
        Assert.Equal([1, 5, 10, 10], WaitsOf(RetryPolicy.List(1, 5, 10) with { MaxAttempts = 5 }));
        Assert.Equal(
            [1, 5, 10, 10],
            WaitsOf(RetryPolicy.FromOptions([new("backoff", "list"), new("delays", "1, 5s, 10000ms"), new("max_attempts", "5")])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void C3_One_attempt_is_never_repeated(int what)
    {
        RetryPolicy policy = what == 1 ? new RetryPolicy { MaxAttempts = 1 } : new RetryPolicy { MaxRetries = 0 };
        Assert.Equal(1, policy.MaxAttempts);
        Assert.Equal(0, policy.MaxRetries);
        Assert.Empty(WaitsOf(policy));
    }

    [Fact]
    public void C13_Unlimited_goes_on_and_its_waits_stay_at_the_cap()
    {
        RetryPolicy policy = RetryPolicy.Unlimited with { Jitter = 0 };
        Assert.True(policy.IsUnlimited);
        Assert.Equal(TimeSpan.FromSeconds(60), policy.DelayAfter(1_000_000, Middle));
        Assert.Equal(TimeSpan.FromSeconds(60), policy.DelayAfter(int.MaxValue, Middle));
    }

    [Fact]
    public void C4_Listed_codes_and_types_are_final()
    {
        RetryPolicy policy = RetryPolicy.Default with { NonRetryable = ["card_declined"] };
        Assert.True(NonRetryableErrors.Contains(policy, new WorkflowFailureException("card_declined")));
        Assert.False(NonRetryableErrors.Contains(policy, new WorkflowFailureException("card_busy")));
        Assert.True(NonRetryableErrors.Contains(policy, new NonRetryableException("no")));

        RetryPolicy types = RetryPolicy.Default.NonRetryableOn<IOException>();
        Assert.Equal(["io"], types.NonRetryable);
        Assert.True(NonRetryableErrors.Contains(types, new FileNotFoundException()));
        Assert.True(NonRetryableErrors.Contains(types, new IOException()));
        Assert.False(NonRetryableErrors.Contains(types, new InvalidOperationException()));
    }

    [Fact]
    public void C4_A_final_error_in_a_lone_aggregate_is_final()
    {
        Assert.True(NonRetryableErrors.Contains(RetryPolicy.Default, new AggregateException(new NonRetryableException("no"))));
    }

    [Fact]
    public void DelayAfter_Jitter_VariesEitherWayAfterTheCap()
    {
        RetryPolicy policy = RetryPolicy.Default;
        Assert.Equal(TimeSpan.FromSeconds(54), policy.DelayAfter(10, 0));
        Assert.Equal(TimeSpan.FromSeconds(60), policy.DelayAfter(10, Middle));
        Assert.InRange(policy.DelayAfter(10, 0.999999), TimeSpan.FromSeconds(65.99), TimeSpan.FromSeconds(66));
        Assert.Equal(TimeSpan.Zero, (policy with { Jitter = 1 }).DelayAfter(1, 0));
    }

    [Fact]
    public void DelayAfter_AnyAttemptAndDraw_StaysWithinTheBounds()
    {
        var random = new Random(42);
        for (int i = 0; i < 20_000; i++)
        {
            var policy = new RetryPolicy
            {
                InitialDelay = TimeSpan.FromMilliseconds(random.Next(0, 5_000)),
                Coefficient = 1 + (random.NextDouble() * 10),
                MaxDelay = random.Next(4) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(5_000, 100_000)),
                Jitter = random.NextDouble(),
            };
            int attempt = random.Next(1, random.Next(2) == 0 ? 10 : int.MaxValue);
            TimeSpan delay = policy.DelayAfter(attempt, random.NextDouble());
            double full = Math.Min(policy.InitialDelay.TotalSeconds * Math.Pow(policy.Coefficient, attempt - 1),
                (policy.MaxDelay ?? PerdureDefaults.MaxSleep).TotalSeconds);
            if (policy.InitialDelay == TimeSpan.Zero) full = 0;
            Assert.InRange(delay.TotalSeconds, (full * (1 - policy.Jitter)) - 1e-6, (full * (1 + policy.Jitter)) + 1e-6);
            Assert.True(delay >= TimeSpan.Zero);
        }
    }

    [Fact]
    public void MaxRetriesAndMaxAttempts_TogetherRefused()
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() => new RetryPolicy { MaxAttempts = 3, MaxRetries = 2 });
        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Equal("RetryPolicy.MaxRetries", error.Option);
        Assert.Throws<InvalidOptionException>(() => new RetryPolicy { MaxRetries = 2, MaxAttempts = 3 });
        Assert.Throws<InvalidOptionException>(() => RetryPolicy.FromOptions([new("max_retries", "2"), new("max_attempts", "3")]));
    }

    [Theory]
    [InlineData("max_attempts", "0")]
    [InlineData("max_attempts", "-1")]
    [InlineData("max_attempts", "three")]
    [InlineData("max_retries", "-1")]
    [InlineData("jitter", "1.5")]
    [InlineData("jitter", "NaN")]
    [InlineData("backoff", "fibonacci")]
    [InlineData("base", "2")]
    [InlineData("delays", "1,2")]
    [InlineData("max_backoff", "soon")]
    public void FromOptions_ValueOutOfPlace_IsRefusedByName(string name, string value)
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() => RetryPolicy.FromOptions([new(name, value)]));
        Assert.Contains("retry", error.Option, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void FromOptions_UnknownName_NamesTheNearest()
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() => RetryPolicy.FromOptions([new("max_attemps", "3")]));
        Assert.Contains("did you mean 'max_attempts'?", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOptionException>(() => RetryPolicy.FromOptions([new("backoff", "constant"), new("max_backoff", "5s")]));
        Assert.Throws<InvalidOptionException>(() => RetryPolicy.FromOptions([new("backoff", "exponential"), new("base", "0.5")]));
    }

    [Fact]
    public void FromOptions_Nothing_IsTheDefault()
    {
        Assert.Equal(RetryPolicy.Default, RetryPolicy.FromOptions([]));
        Assert.True(RetryPolicy.FromOptions([new("max_attempts", "unlimited")]).IsUnlimited);
        Assert.Equal(["a", "b"], RetryPolicy.FromOptions([new("non_retryable", "a, b")]).NonRetryable);
    }

    [Fact]
    public void Validate_CapBelowTheFirstWait_IsRefused()
    {
        RetryPolicy policy = RetryPolicy.Default with { InitialDelay = TimeSpan.FromMinutes(5) };
        Assert.Throws<InvalidOptionException>(policy.Validate);
    }

    [Fact]
    public void Validate_PresetVariedWhereItDoesNotListen_IsRefused()
    {
        Assert.Throws<InvalidOptionException>((RetryPolicy.List(1, 5) with { InitialDelay = TimeSpan.FromSeconds(9) }).Validate);
        Assert.Throws<InvalidOptionException>((RetryPolicy.Linear(TimeSpan.FromSeconds(1)) with { Coefficient = 2 }).Validate);
        Assert.Throws<InvalidOptionException>(
            (RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxDelay = TimeSpan.FromSeconds(9) }).Validate);
        (RetryPolicy.Linear(TimeSpan.FromSeconds(1)) with { MaxDelay = TimeSpan.FromSeconds(9), MaxAttempts = 5, Jitter = 0.5 }).Validate();
        (RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { InitialDelay = TimeSpan.FromSeconds(2) }).Validate();
    }

    [Fact]
    public void RetryAfter_KeepsWhatWasGiven()
    {
        Assert.Equal(
            (TimeSpan.FromSeconds(5), null),
            (new RetryAfterException(TimeSpan.FromSeconds(5)).Delay, new RetryAfterException(TimeSpan.Zero).Due));
        Assert.Equal(
            (null, DateTimeOffset.UnixEpoch),
            (new RetryAfterException(DateTimeOffset.UnixEpoch).Delay, new RetryAfterException(DateTimeOffset.UnixEpoch).Due));
        Assert.False(NonRetryableErrors.Contains(RetryPolicy.Default, new RetryAfterException(TimeSpan.Zero)));
        Assert.True(
            NonRetryableErrors.Contains(RetryPolicy.Default.NonRetryableOn<RetryAfterException>(), new RetryAfterException(TimeSpan.Zero)));
    }

    public static TheoryData<RetryPolicy> Policies =>
    [
        RetryPolicy.Default, RetryPolicy.None, RetryPolicy.Unlimited, RetryPolicy.Exponential(3, TimeSpan.FromHours(1)),
        RetryPolicy.Linear(TimeSpan.FromSeconds(30)), RetryPolicy.Constant(TimeSpan.FromMilliseconds(1.5)),
        RetryPolicy.List(0, 0.25, 10), RetryPolicy.Default with { NonRetryable = ["a", "ü"], Jitter = 0.3333333333 },
    ];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Json_AnyPolicy_ReadsBackEqual(RetryPolicy policy)
    {
        string json = JsonSerializer.Serialize(policy, EngineJson.Stored.RetryPolicy);
        RetryPolicy? read = JsonSerializer.Deserialize(json, EngineJson.Stored.RetryPolicy);
        Assert.Equal(policy, read);
        Assert.Equal(policy.GetHashCode(), read!.GetHashCode());
        // A user's own JSON options do not change the stored form.
        Assert.Equal(policy, PayloadCodec.Default.Deserialize<RetryPolicy>(PayloadCodec.Default.Serialize(policy).Span));
    }

    [Theory]
    [InlineData("""{"maxAttempts":0}""")]
    [InlineData("""{"backoff":"list"}""")]
    [InlineData("""{"backoff":"wild"}""")]
    public void Json_BrokenPolicy_IsAJsonError(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, EngineJson.Stored.RetryPolicy));

    [Fact]
    public void With_AfterNonRetryable_KeepsAPrivateCopy()
    {
        var codes = new List<string> { "a" };
        RetryPolicy policy = RetryPolicy.Default with { NonRetryable = codes };
        codes.Add("b");
        Assert.Equal(["a"], policy.NonRetryable);
    }

    private static double[] WaitsOf(RetryPolicy policy)
    {
        var waits = new double[policy.MaxAttempts - 1];
        for (int i = 0; i < waits.Length; i++) waits[i] = policy.DelayAfter(i + 1, Middle).TotalSeconds;
        return waits;
    }
}
