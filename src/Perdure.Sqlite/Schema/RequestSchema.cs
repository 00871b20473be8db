namespace Perdure.Sqlite.Schema;

/// <summary>Version 6. Requests of runs: hooks and questions to people; and what the installation keeps for all.</summary>
internal static class RequestSchema
{
    public const string Script = """
        CREATE TABLE perdure_request(
            run INTEGER NOT NULL,
            op INTEGER NOT NULL,
            number INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            state INTEGER NOT NULL,
            name TEXT NOT NULL,
            token_hash BLOB,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            answered_at INTEGER,
            max_answers INTEGER NOT NULL,
            answers INTEGER NOT NULL,
            answer_ids TEXT NOT NULL,
            assignee TEXT,
            description BLOB,
            PRIMARY KEY(run, op)
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX perdure_request_token ON perdure_request(token_hash) WHERE token_hash IS NOT NULL;
        -- What waits for people, in the order in which it expires.
        CREATE INDEX perdure_request_pending ON perdure_request(expires_at, run, op) WHERE state = 0;

        CREATE TABLE perdure_installation(
            name TEXT NOT NULL PRIMARY KEY,
            value BLOB NOT NULL
        ) WITHOUT ROWID;
        """;
}
