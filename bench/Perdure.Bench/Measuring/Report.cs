using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perdure.Bench.Measuring;

/// <summary>Prints results: tables for people, one <c>RESULT {json}</c> line a case for programs.</summary>
internal static class Report
{
    public static void Print(TextWriter output, Results results, IReadOnlyList<Bar> bars)
    {
        foreach (var one in results.Cases)
        {
            output.WriteLine();
            output.WriteLine(one.Name);
            foreach (var (name, spread) in Lines(results, one))
                output.WriteLine($"  {name,-34} {Number(spread.Median),14}   {Number(spread.Least)} … {Number(spread.Most)}");
        }
        output.WriteLine();
        PrintBars(output, results, bars);
        foreach (var one in results.Cases) output.WriteLine("RESULT " + Json(results, one).ToJsonString(JsonSerializerOptions.Default));
    }

    private static void PrintBars(TextWriter output, Results results, IReadOnlyList<Bar> bars)
    {
        if (bars.Count == 0) return;
        output.WriteLine("| measure | bar | goal | measured (least … most) | |");
        output.WriteLine("|---|---:|---:|---:|---|");
        foreach (var bar in bars)
        {
            if (bar.Measure(results) is not { } spread) continue;
            var measured = $"{bar.Format(spread.Median)} ({bar.Format(spread.Least)} … {bar.Format(spread.Most)})";
            var verdict = bar.Verdict(spread.Median);
            output.WriteLine($"| {bar.Name} | {bar.Format(bar.Limit)} | {bar.Format(bar.Goal)} | {measured} | {verdict} |");
        }
        output.WriteLine();
    }

    private static JsonObject Json(Results results, Case one)
    {
        var json = new JsonObject { ["case"] = one.Name };
        foreach (var (name, value) in one.Settings) json[name] = JsonValue.Create(value);
        json["rounds"] = results.Of(one.Name).Count;
        var (least, most) = (new JsonObject(), new JsonObject());
        foreach (var (name, spread) in Lines(results, one))
        {
            json[name] = Math.Round(spread.Median, 4);
            least[name] = Math.Round(spread.Least, 4);
            most[name] = Math.Round(spread.Most, 4);
        }
        (json["least"], json["most"]) = (least, most);
        return json;
    }

    private static IEnumerable<(string Name, Spread Spread)> Lines(Results results, Case one)
    {
        if (results.Of(one.Name).Count == 0) yield break;
        foreach (var figure in results.Of(one.Name)[0].Names) yield return (figure, results.Find(one.Name, figure)!.Value);
        foreach (var ratio in one.Ratios)
            if (results.Find(one.Name, ratio) is { } spread) yield return (ratio.Name, spread);
    }

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) switch { >= 1000 => "N0", >= 100 => "N1", >= 1 => "N2", _ => "N3" }, CultureInfo.InvariantCulture);
}
