import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the app once before all tests, so that none of them tests an old one. */
export default function buildOnce(): void {
  const program = fileURLToPath(new URL('../../../bin/build-app.mjs', import.meta.url))
  execFileSync(process.execPath, [program], { stdio: 'inherit' })
}
