import type { Migration } from '../migrate.ts'

/** Budgets of a day, and budgets that stop. Those of before stay as they were: a month, warning. */
export const migration0003: Migration = {
  version: 3,
  up: (database) => {
    database.exec(`
      ALTER TABLE budgets ADD COLUMN period TEXT NOT NULL DEFAULT 'month'
        CHECK (period IN ('day', 'month'));
      ALTER TABLE budgets ADD COLUMN action TEXT NOT NULL DEFAULT 'warn'
        CHECK (action IN ('stop', 'warn'));
    `)
  },
}
