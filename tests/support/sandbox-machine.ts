import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from '../../main/machine/machine.ts'
import { connectMachine } from '../../main/machine/ssh/connect.ts'
import { collect } from './collect.ts'
import { memoryPins } from './host-key-pins.ts'
import { launchRequest, newLoginKey, refOf, untilReachable } from './rent.ts'
import type { TestSandbox } from './sandbox.ts'

const signal = new AbortController().signal

/** Rents the first machine that a sandbox offers and connects to it. The sandbox's end is its end. */
export async function sandboxMachine(sandbox: TestSandbox): Promise<Machine> {
  const key = newLoginKey()
  const [offer] = await collect(sandbox.session.offers({}, signal))
  if (offer === undefined) throw new Error('The sandbox offers nothing.')
  const now = sandbox.clock.now()
  const launched = await sandbox.session.launch(launchRequest(offer, key.publicKey, now), signal)
  const target = await untilReachable(sandbox.session, refOf(launched, now))
  const identityFile = join(sandbox.stateDir, 'login-key')
  writeFileSync(identityFile, key.privateKey, { mode: 0o600 })
  return await connectMachine({ ...target, identityFile }, {}, memoryPins())
}
