import type { Migration } from '../migrate.ts'

/**
 * What the Spend page asks of the books: seconds that were paid for and used, the receipt's time,
 * indexes in the order of time, and budgets. Useful time of old entries is unknown and stays null.
 */
export const migration0002: Migration = {
  version: 2,
  up: (database) => {
    database.exec(`
      ALTER TABLE ledger_entries ADD COLUMN billed_ms INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE ledger_entries ADD COLUMN useful_ms INTEGER;
      ALTER TABLE ledger_entries ADD COLUMN receipt_at INTEGER;
      UPDATE ledger_entries SET billed_ms = to_at - from_at WHERE part IN ('compute', 'idle');
      UPDATE ledger_entries SET receipt_at = (
        SELECT json_extract(data, '$.receipt.confirmedAt') FROM journal
        WHERE stream = rental_id AND kind = 'released' ORDER BY seq LIMIT 1);
      DROP INDEX ledger_by_time;
      CREATE INDEX ledger_by_time ON ledger_entries
        (simulated, from_at, provider_id, job_id, micros);
      CREATE INDEX ledger_estimates ON ledger_entries (simulated, from_at)
        WHERE estimate_micros > 0;
      CREATE INDEX ledger_in_order ON ledger_entries (from_at, id);

      CREATE TABLE budgets (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('all', 'project', 'provider')),
        name TEXT NOT NULL,
        micros INTEGER NOT NULL CHECK (micros > 0)
      ) STRICT;
    `)
  },
}
