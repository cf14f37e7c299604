import { spawnSync } from 'node:child_process'
import type { Command } from 'commander'
import { toSubletError } from '../../domain/errors.ts'
import { type CliContext, engineAndEnvironment, say, sayJson } from '../context.ts'
import { inertLine } from '../format/inert.ts'

interface Check {
  readonly name: string
  readonly ok: boolean
  readonly sentence: string
}

/** `sublet doctor`. */
export function addDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('check what Sublet needs: Node, engine, keychain, ssh, accounts')
    .option('--json', 'a JSON array')
    .addHelpText('after', '\nExamples:\n  sublet doctor')
    .action(async (options: { json?: boolean }) => {
      const checks = [...localChecks(context.version), ...(await engineChecks(context))]
      if (options.json === true) sayJson(context, checks)
      else {
        for (const { name, ok, sentence } of checks) {
          const mark = ok ? context.style.good('ok ') : context.style.bad('NOT')
          say(context, `${mark} ${inertLine(name)}: ${inertLine(sentence)}`)
        }
      }
      if (checks.some((check) => !check.ok)) context.setExitCode(1)
    })
}

function localChecks(version: string): readonly Check[] {
  const ssh = spawnSync('ssh', ['-V'], { encoding: 'utf8' })
  const sshVersion = `${ssh.stderr ?? ''}${ssh.stdout ?? ''}`.trim().split('\n')[0] ?? ''
  return [
    {
      name: 'Sublet',
      ok: true,
      sentence: `${version} on Node ${process.versions.node}, ${process.platform} ${process.arch}.`,
    },
    {
      name: 'ssh',
      ok: ssh.status === 0,
      sentence:
        ssh.status === 0
          ? `${sshVersion}.`
          : 'The ssh program is missing, which only "sublet ssh" needs: install OpenSSH.',
    },
  ]
}

async function engineChecks(context: CliContext): Promise<readonly Check[]> {
  try {
    const { api, environment } = await engineAndEnvironment(context)
    return (await api.system.doctor({ environment })).checks
  } catch (thrown) {
    return [{ name: 'engine', ok: false, sentence: toSubletError(thrown).message }]
  }
}
