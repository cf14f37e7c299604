import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Engines of fresh homes share what Node has compiled: it halves what each start computes.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'tests') },
    maxWorkers: 5,
    // Real processes on a busy computer: a second try is allowed, and the report names it.
    retry: 1,
  },
})
