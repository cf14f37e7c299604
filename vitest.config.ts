import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 5,
    // Real processes on a busy computer: a second try is allowed, and the report names it.
    retry: 1,
  },
})
