import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MeteredLink } from '../../../main/engine/metered-link.ts'
import { LinkSpeeds } from '../../../main/jobs/link-speeds.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-link-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a metered connection', () => {
  it.each([
    ['u 1\n', true],
    ['u 3\n', true],
    ['u 2\n', false],
    ['u 0\n', false],
    ['gibberish', false],
  ])('is what NetworkManager says: %j', async (printed, metered) => {
    let asked = 0
    const link = new MeteredLink(async () => {
      asked += 1
      return printed
    }, 'linux')
    expect(await link.isMetered()).toBe(metered)
    await link.isMetered()
    expect(asked).toBe(1)
  })

  it('is not assumed where nobody says so', async () => {
    const fails = async (): Promise<string> => {
      throw new Error('No such program.')
    }
    expect(await new MeteredLink(fails, 'linux').isMetered()).toBe(false)
    expect(await new MeteredLink(async () => 'u 1', 'darwin').isMetered()).toBe(false)
  })
})

describe('the speed home', () => {
  const place = { providerId: 'cloud', region: 'north' }

  it('is learned from large transfers, by provider and region, and outlives the engine', async () => {
    const file = join(folder, 'speeds.json')
    const speeds = new LinkSpeeds(file)
    await speeds.learn(place, 1_000, 1)
    expect(speeds.bytesPerSecond(place)).toBeNull()
    await speeds.learn(place, 100_000_000, 10_000)
    await speeds.learn(place, 200_000_000, 10_000)
    expect(new LinkSpeeds(file).bytesPerSecond(place)).toBe(14_000_000)
    expect(speeds.bytesPerSecond({ ...place, region: 'south' })).toBeNull()
  })

  it('of a damaged file is unknown', () => {
    const file = join(folder, 'damaged.json')
    writeFileSync(file, '{"home":')
    expect(new LinkSpeeds(file).bytesPerSecond(place)).toBeNull()
  })
})
