import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../sandbox-cloud/catalogue.ts'
import { readClock } from '../../../sandbox-cloud/clock.ts'
import { gpuModels } from '../../../sandbox-cloud/gpu-models.ts'

describe("the sandbox's catalogue", () => {
  it('has over thirty machine types with unique names', () => {
    expect(catalogue.length).toBeGreaterThan(30)
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length)
  })

  it('prices spot below on demand, and no GPU implausibly', () => {
    for (const type of catalogue) {
      expect(type.spotMicros ?? 0, type.name).toBeLessThan(type.onDemandMicros)
      const perGpu = type.onDemandMicros / (type.gpu?.count ?? 1)
      if (type.gpu !== null) expect(perGpu, type.name).toBeGreaterThan(100_000)
      expect(perGpu, type.name).toBeLessThan(10_000_000)
    }
  })

  it('boots within two to four seconds', () => {
    expect(Math.min(...catalogue.map(({ bootMs }) => bootMs))).toBeGreaterThanOrEqual(2000)
    expect(Math.max(...catalogue.map(({ bootMs }) => bootMs))).toBeLessThanOrEqual(4000)
  })

  it('uses every GPU model, and has AMD, arm64 and none too', () => {
    const used = new Set(catalogue.flatMap(({ gpu }) => gpu?.model ?? []))
    expect([...used].sort()).toEqual(Object.keys(gpuModels).sort())
    expect(catalogue.some(({ arch }) => arch === 'arm64')).toBe(true)
    expect(catalogue.some(({ gpu }) => gpu === null)).toBe(true)
  })
})

describe("the sandbox's clock", () => {
  it('is real time by default', () => {
    expect(readClock(undefined, () => 5000).now()).toBe(5000)
  })

  it('runs faster from the anchor on', () => {
    const clock = readClock('60@1000', () => 3000)
    expect(clock.now()).toBe(1000 + 2000 * 60)
    expect(clock.realMs(60_000)).toBe(1000)
  })

  it('refuses nonsense with a sentence', () => {
    for (const spec of ['60', 'x@1', '0@1000', '60@'])
      expect(() => readClock(spec)).toThrow('must look like')
  })
})
