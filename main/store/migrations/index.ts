import type { Migration } from '../migrate.ts'
import { migration0001 } from './0001-first.ts'
import { migration0002 } from './0002-spend.ts'
import { migration0003 } from './0003-breaker.ts'

/** Every schema step in order. */
export const migrations: readonly Migration[] = [migration0001, migration0002, migration0003]
