import { expect, it } from 'vitest'
import { fingerprint } from '../../main/machine/ssh/keys.ts'
import { jobThroughCloud } from '../support/clouds/job-through-cloud.ts'
import { jobClouds } from '../support/clouds/job-clouds.ts'
import { sshdAvailable } from '../support/sshd.ts'

/** By hand, in BigInt: what the terms make of an interval. */
function bill(price: bigint, incrementMs: bigint, minimumMs: bigint, livedMs: bigint): number {
  const rounded = ((livedMs + incrementMs - 1n) / incrementMs) * incrementMs
  const billed = rounded > minimumMs ? rounded : minimumMs
  return Number((price * billed * 2n + 3_600_000n) / 7_200_000n)
}

// Side by side: what takes time is waiting.
it.skipIf(!sshdAvailable()).concurrent.for(jobClouds)(
  'a whole job at $id: upload, run, mirror, collect, release, ledger',
  { timeout: 120_000 },
  async (cloud) => {
    const went = await jobThroughCloud(cloud)
    const { detail, input, outputs, entries } = went
    expect(detail.summary).toMatchObject({ state: 'done', exitCode: 0, error: null })
    expect(detail.warnings).toEqual([])
    const machine = detail.verdict?.levels.find(({ level }) => level === 'machine')
    expect(machine?.holds).toBe(went.capabilities.selfTermination === true)

    expect(went.whileRunning).toEqual(['first.txt'])
    expect([...outputs.keys()].toSorted()).toEqual(['deep/copy.bin', 'first.txt'])
    expect(outputs.get('deep/copy.bin')?.equals(input)).toBe(true)
    expect(detail.outputs).toMatchObject({ files: 2, verified: true })

    const injected = went.capabilities.hostKey === 'injected'
    expect(detail.hostKey).toEqual({
      from: injected ? 'injected' : went.capabilities.hostKey,
      fingerprint: fingerprint(went.hostKey),
      keptBecause: null,
    })

    const [receipt, ...more] = detail.receipts
    expect(more).toEqual([])
    expect(receipt?.instanceId).toBeTruthy()
    expect(receipt?.evidence.length).toBeGreaterThan(0)
    for (const secret of Object.values(cloud.credentials)) {
      expect(JSON.stringify({ detail, entries })).not.toContain(secret)
    }
    expect(went).toMatchObject({ listed: [], live: 0, left: [], keysLeft: [] })

    const { offer } = detail.summary
    if (offer === null || receipt === undefined) throw new Error('There is no offer or receipt.')
    const { microsPerHour, billing } = offer
    const from = Math.min(...entries.map((entry) => entry.from))
    const to = receipt.billedTo ?? receipt.confirmedAt
    if (receipt.billedFrom !== null) expect(from).toBe(receipt.billedFrom)
    const terms = [microsPerHour, billing.incrementMs, billing.minimumMs, to - from] as const
    const [price, incrementMs, minimumMs, livedMs] = terms.map((figure) => BigInt(figure))
    const own = bill(price ?? 0n, incrementMs ?? 1n, minimumMs ?? 0n, livedMs ?? 0n)
    const compute = entries.filter(({ part }) => part === 'compute')
    const sum = compute.reduce((total, { micros }) => total + micros, 0)
    if (receipt.billedMicros === null) expect(sum).toBe(own)
    else expect(went.totalMicros).toBe(receipt.billedMicros)
    expect(entries.reduce((total, { micros }) => total + micros, 0)).toBe(went.totalMicros)
    expect(detail.summary.costMicros).toBeGreaterThan(0)

    expect(went.described?.problems ?? []).toEqual([])
  },
)
