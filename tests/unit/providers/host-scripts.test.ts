import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { RentalId } from '../../../preload/contract/rental.ts'
import { claimCommand, claimFrom, readClaimCommand } from '../../../main/providers/host/claims.ts'
import { inventoryCommand, parseInventory } from '../../../main/providers/host/inventory.ts'
import { releaseOutcome } from '../../../main/providers/host/release-outcome.ts'
import { releaseScript } from '../../../main/providers/host/release-script.ts'
import { readHostSettings, storedHostSettings } from '../../../main/providers/host/settings.ts'

const rentalId = 'sublet-01jd0000000000000000000001' as RentalId

function shellcheck(script: string): string {
  const { error, stdout } = spawnSync('shellcheck', ['-s', 'sh', '-'], {
    input: script,
    encoding: 'utf8',
  })
  if (error !== undefined) {
    process.stderr.write('SKIPPED: shellcheck is not installed.\n')
    return ''
  }
  return stdout
}

describe('scripts for own hosts', () => {
  test.each([
    ['inventory', inventoryCommand],
    ['claim', claimCommand({ rentalId, homeId: 'a home', count: 2, candidates: ['0', '1'] })],
    ['read', readClaimCommand(rentalId)],
    ['release', releaseScript(rentalId)],
  ])('%s is clean POSIX sh', (_name, script) => {
    expect(shellcheck(script)).toBe('')
  })
})

describe('inventory', () => {
  const base =
    'sublet:arch=x86_64\nsublet:node=n1\nsublet:vcpus=8\nsublet:memoryKiB=16777216\nsublet:diskKiB=104857600\n'

  test('reads mixed GPUs among the chatter of start-up files', () => {
    const inventory = parseInventory(
      `Welcome!\n${base}sublet:smi=0\nsublet:gpu=0, GPU-a, NVIDIA GeForce RTX 4090, 24564\n` +
        `sublet:gpu=1, GPU-b, NVIDIA A100-SXM4-40GB, 40960\nsublet:app=GPU-b, 77\nsublet:held=0 ${rentalId}\n` +
        `sublet:claim=rental=${rentalId} home=h take=0 from=1700000000 node=n1\n` +
        `sublet:claim=rental=sublet-01jd0000000000000000000002 home=h take=0 from=1 node=elsewhere\n`,
      'lab',
    )
    expect(inventory.gpus).toEqual([
      { index: 0, name: 'RTX 4090', vramGiB: 24, takenBy: 'rental' },
      { index: 1, name: 'A100', vramGiB: 40, takenBy: 'stranger' },
    ])
    expect(inventory.claims.map((claim) => claim.rentalId)).toEqual([rentalId])
    expect(inventory).toMatchObject({ vcpus: 8, memoryGiB: 16, freeDiskGiB: 100, warning: null })
  })

  test('a driver that fails is a warning; an answer without sense is an error', () => {
    const broken = parseInventory(`${base}sublet:smi=9\nsublet:gpu=NVIDIA-SMI has failed\n`, 'lab')
    expect(broken.gpus).toEqual([])
    expect(broken.warning).toContain('NVIDIA-SMI has failed')
    expect(() => parseInventory('This account is not available.', 'lab')).toThrow(/lab/)
  })
})

describe('what a host says', () => {
  test('claims are read strictly', () => {
    expect(claimFrom(`rental=${rentalId} home=h take=slot-0 from=5 node=n`)).toMatchObject({
      gpuIndices: [],
      fromS: 5,
    })
    expect(claimFrom('rental=other home=h take=0 from=5 node=n')).toBeNull()
    expect(claimFrom('')).toBeNull()
  })

  test('no receipt while something is left, and none for half an answer', () => {
    const facts = { label: 'lab', rentalId, accountId: 'a', now: 5 }
    const outcome = (answer: string): string => releaseOutcome(answer, facts).kind
    expect(outcome('sublet:ended=1\nsublet:left=\nsublet:remains=\n')).toBe('receipt')
    expect(outcome('sublet:ended=1\nsublet:left=12 \nsublet:remains=\n')).toBe('pending')
    expect(outcome('sublet:ended=1\nsublet:left=\nsublet:remains=/x \n')).toBe('pending')
    expect(() => outcome('sublet:ended=1\nsublet:left=\n')).toThrow(/did not say/)
  })

  test('settings survive the way through an account, and damage says what to do', () => {
    const settings = {
      address: 'ada@lab:22',
      identityFile: '/keys/a',
      rateMicrosPerHour: 400_000,
      hostKeys: ['ssh-ed25519 AAAA'],
      maxRentals: 3,
    }
    expect(readHostSettings({ name: 'lab', settings: storedHostSettings(settings) })).toEqual(
      settings,
    )
    expect(() =>
      readHostSettings({ name: 'lab', settings: { address: 'x', hostKeys: '{' } }),
    ).toThrow(/hosts remove lab/)
  })
})
