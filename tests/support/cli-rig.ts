import { runCli } from '../../main/cli/run-cli.ts'
import { FakeEngine } from './fake-engine.ts'
import { FakeIo } from './fake-io.ts'

/** Runs a command line in this process, with a fake terminal and a fake engine. */
export function cli(
  argv: readonly string[],
  io: FakeIo = new FakeIo(),
  engine: FakeEngine = new FakeEngine(),
): { io: FakeIo; engine: FakeEngine; exit: Promise<number> } {
  const exit = runCli(argv, { io, version: '0.1.0', connect: () => engine.connect() })
  return { io, engine, exit }
}
