import { readFileSync } from 'node:fs'
import { testUser } from '../../support/cli.ts'
import { addHost } from '../../support/own-host.ts'
import { startSshd } from '../../support/sshd.ts'
import { canary, findIn, type Canary } from './needles.ts'
import { watchProcesses } from './process-watch.ts'
import { searchFolder, type Searched } from './search.ts'

/** A job on a host of the user's own, by the user's own SSH key, and where that key then is. */
export async function searchOwnKey(): Promise<{
  readonly canary: Canary
  readonly places: readonly (Searched & { readonly name: string })[]
}> {
  const user = await testUser()
  const sshd = await startSshd()
  const watch = watchProcesses(() => false, 25)
  try {
    const key = canary('user’s SSH key', readFileSync(sshd.privateKeyPath, 'utf8'))
    watch.add(key)
    const added = await addHost(user, sshd)
    if (added.exitCode !== 0) throw new Error(added.stderr)
    const job = ['run', '--host', 'lab', '--command', 'echo done', '--gpus', '0', '--yes']
    const { exitCode, stdout, stderr } = await user.run(job)
    if (exitCode !== 0) throw new Error(stderr)
    const { looks, finds } = watch.stop()
    return {
      canary: key,
      places: [
        { name: 'the home and everything of the user’s', ...searchFolder(user.base, [key]) },
        { name: 'the host', ...searchFolder(sshd.home, [key]) },
        { name: 'arguments and environments of processes', looked: looks, finds },
        { name: 'what the command printed', ...inText(`${stdout}${stderr}`, key) },
      ],
    }
  } finally {
    watch.stop()
    await user.stop()
    await sshd.stop()
  }
}

function inText(text: string, key: Canary): Searched {
  const finds = findIn(Buffer.from(text), [key])
  return {
    looked: text.length,
    finds: finds.map((name) => ({ canary: name, where: 'the output' })),
  }
}
