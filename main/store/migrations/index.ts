import type { Migration } from '../migrate.ts'
import { migration0001 } from './0001-first.ts'
import { migration0002 } from './0002-spend.ts'

/** Every schema step in order. */
export const migrations: readonly Migration[] = [migration0001, migration0002]
