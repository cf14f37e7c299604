import type { Migration } from '../migrate.ts'
import { migration0001 } from './0001-first.ts'

/** Every schema step in order. */
export const migrations: readonly Migration[] = [migration0001]
