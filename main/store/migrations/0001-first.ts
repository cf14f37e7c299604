import type { Migration } from '../migrate.ts'

/** Journal, its projection, the books, accounts, names of secrets, settings. */
export const migration0001: Migration = {
  version: 1,
  up: (database) => {
    database.exec(`
      CREATE TABLE journal (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        stream TEXT NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        data TEXT NOT NULL
      ) STRICT;
      CREATE INDEX journal_by_stream ON journal (stream, seq);
      CREATE TRIGGER journal_keeps_rows BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
      CREATE TRIGGER journal_never_forgets BEFORE DELETE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

      CREATE TABLE summaries (
        stream TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        ended INTEGER NOT NULL CHECK (ended IN (0, 1)),
        sort INTEGER NOT NULL,
        data TEXT NOT NULL
      ) STRICT;
      CREATE INDEX summaries_by_kind ON summaries (kind, ended, sort);

      CREATE TABLE ledger_entries (
        id TEXT PRIMARY KEY,
        rental_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        provider_id TEXT NOT NULL,
        job_id TEXT,
        job_name TEXT,
        project TEXT,
        gpu TEXT,
        part TEXT NOT NULL,
        from_at INTEGER NOT NULL,
        to_at INTEGER NOT NULL,
        micros INTEGER NOT NULL,
        metered_micros INTEGER NOT NULL,
        status TEXT NOT NULL,
        estimate_micros INTEGER,
        simulated INTEGER NOT NULL CHECK (simulated IN (0, 1))
      ) STRICT;
      CREATE INDEX ledger_by_time ON ledger_entries (from_at, provider_id, micros);
      CREATE INDEX ledger_by_rental ON ledger_entries (rental_id);
      CREATE INDEX ledger_by_job ON ledger_entries (job_id);

      CREATE TABLE accounts (
        id TEXT PRIMARY KEY,
        provider_id TEXT NOT NULL,
        name TEXT NOT NULL,
        settings TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (provider_id, name)
      ) STRICT;

      CREATE TABLE vault_names (
        service TEXT NOT NULL,
        account TEXT NOT NULL,
        set_at INTEGER NOT NULL,
        PRIMARY KEY (service, account)
      ) STRICT;

      CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT;
    `)
  },
}
