using System.Globalization;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>
/// Commits a group of one run that is only born, or only ends: what an engine with little to do writes most, while somebody waits for just that. The functions of these groups take
/// plain values, which cost the server a good deal less than arrays of one.
/// </summary>
internal sealed class LoneBundles(Database database)
{
    private readonly string _birth = database.Sql(Call("write_lone_birth", 20));
    private readonly string _close = database.Sql(Call("write_lone_close", 18));

    /// <summary>Whether a group is such a one.</summary>
    public static bool Fits(RunGroup group, GroupDraft draft) =>
        group.Bundles.Count == 1 && draft.IsOrdinary && !draft.HasMoreToSay
        && (draft.Parts == GroupParts.Births || draft.Parts == GroupParts.Rows && group.Bundles[0].Close is not null);

    public Task<GroupOutcome> CommitAsync(RunGroup group, GroupDraft draft, CancellationToken cancellationToken) => database.AskAsync(
        "commit a group", (this, group, draft),
        static (question, state) =>
        {
            var bundle = state.group.Bundles[0];
            question.Say(bundle.Birth is null ? state.Item1._close : state.Item1._birth);
            Groups.GiveStamp(question, state.group.Stamp);
            if (bundle.Birth is { } birth) Give(question, birth, Joined.Batch(birth.Events, bundle.Events));
            else Give(question, bundle, bundle.Close!);
        },
        static (reader, state, token) => GroupAnswer.ReadLoneAsync(reader, state.group, state.draft, token),
        cancellationToken);

    private static void Give(Question question, RunBirth birth, in EventBatch events) => question
        .Give(birth.Key).Give(birth.Id).Give(birth.Workflow).Give(birth.Version).Give(birth.Queue).Give(birth.Priority)
        .Give(birth.DueAt.Micros).Give(birth.Deadline.Micros).Give(birth.CreatedAt.Micros).Give(birth.MaxCrashes).Give(birth.EngineSemantics)
        .Give(events.Count).Give(events.Bytes).Give(birth.Input).Give(birth.Options).Give(birth.InputHash);

    private static void Give(Question question, RunBundle bundle, RunClose close)
    {
        var events = Joined.Batch(bundle.Events, close.Event);
        question.Give(bundle.Run).Give(bundle.Term).Give(bundle.Seen).Give(bundle.NotBefore.Micros)
            .Give((int?)bundle.Row?.Phase).Give(bundle.Row is { ClearCrashes: true }).Give(close.Published ?? bundle.Row?.Published)
            .Give(bundle.BaseSequence).Give(events.Count).Give(events.Bytes)
            .Give((int)close.Status).Give(close.At.Micros).Give(close.Result).Give(close.Failure);
    }

    private static string Call(string function, int parameters) =>
        $"SELECT {{schema}}.{function}({string.Join(", ", Enumerable.Range(1, parameters).Select(static n => string.Create(CultureInfo.InvariantCulture, $"${n}")))})";
}
