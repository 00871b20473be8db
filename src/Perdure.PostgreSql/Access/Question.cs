using Npgsql;
using NpgsqlTypes;

namespace Perdure.PostgreSql.Access;

/// <summary>One round trip to the server: statements that are one transaction, with their parameters in order.</summary>
internal sealed class Question(NpgsqlBatch batch)
{
    private NpgsqlParameterCollection _parameters = null!;

    /// <summary>Adds a statement; what is given next are its parameters.</summary>
    public Question Say(string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        _parameters = command.Parameters;
        return this;
    }

    public Question Give(long value) => Add(value, NpgsqlDbType.Bigint);

    public Question Give(int value) => Add(value, NpgsqlDbType.Integer);

    public Question Give(bool value) => Add(value, NpgsqlDbType.Boolean);

    public Question Give(bool? value) => AddOrNull(value, NpgsqlDbType.Boolean);

    public Question Give(int? value) => AddOrNull(value, NpgsqlDbType.Integer);

    public Question Give(long? value) => AddOrNull(value, NpgsqlDbType.Bigint);

    public Question Give(ReadOnlyMemory<byte>? value) => AddOrNull(value, NpgsqlDbType.Bytea);

    public Question Give(Guid value) => Add(value, NpgsqlDbType.Uuid);

    public Question Give(string? value) => Add<string>(value!, NpgsqlDbType.Text);

    public Question Give(ReadOnlyMemory<byte> value) => Add(value, NpgsqlDbType.Bytea);

    public Question Give(IReadOnlyList<long>? values) => Add(AsArray(values), NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public Question Give(IReadOnlyList<int>? values) => Add(AsArray(values), NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public Question Give(long?[] values) => Add(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public Question Give(int?[] values) => Add(values, NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public Question Give(IReadOnlyList<string?>? values) => Add(AsArray(values), NpgsqlDbType.Array | NpgsqlDbType.Text);

    public Question Give(List<long> values) => Add(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public Question Give(List<int> values) => Add(values, NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public Question Give(List<bool> values) => Add(values, NpgsqlDbType.Array | NpgsqlDbType.Boolean);

    public Question Give(List<string?> values) => Add(values, NpgsqlDbType.Array | NpgsqlDbType.Text);

    public Question Give(List<ReadOnlyMemory<byte>> values) => Add(values, NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    private static T[] AsArray<T>(IReadOnlyList<T>? values) => values switch { null => null!, T[] array => array, _ => [.. values] };

    private Question AddOrNull<T>(T? value, NpgsqlDbType type) where T : struct
    {
        _parameters.Add(new NpgsqlParameter { Value = value is { } given ? given : DBNull.Value, NpgsqlDbType = type });
        return this;
    }

    private Question Add<T>(T value, NpgsqlDbType type)
    {
        _parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return this;
    }
}
