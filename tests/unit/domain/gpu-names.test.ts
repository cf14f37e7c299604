import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gpuCatalogue } from '../../../main/domain/gpu-catalogue.ts'
import { gpuMatcher, normaliseGpu, suggestGpu } from '../../../main/domain/gpu-names.ts'

const spellings: readonly (readonly [string, string, number | null])[] = [
  ['NVIDIA H100 80GB HBM3', 'H100', 80],
  ['NVIDIA H100 NVL', 'H100', null],
  ['h100', 'H100', null],
  ['NVIDIA A100-SXM4-80GB', 'A100', 80],
  ['A100 PCIE', 'A100', null],
  ['A100-80', 'A100', 80],
  ['A100-80G', 'A100', 80],
  ['Tesla V100-SXM2-16GB', 'V100', 16],
  ['Tesla T4', 'T4', 16],
  ['NVIDIA GeForce RTX 4090', 'RTX 4090', 24],
  ['rtx4090', 'RTX 4090', 24],
  ['RTX_3090_Ti', 'RTX 3090 Ti', 24],
  ['NVIDIA RTX 6000 Ada Generation', 'RTX 6000 Ada', 48],
  ['RTX 6000Ada', 'RTX 6000 Ada', 48],
  ['Quadro RTX 6000', 'RTX 6000', 24],
  ['NVIDIA RTX A6000', 'RTX A6000', 48],
  ['A6000-48', 'RTX A6000', 48],
  ['NVIDIA RTX PRO 6000 Blackwell Server Edition', 'RTX PRO 6000', 96],
  ['GH200 480GB', 'GH200', null],
  ['AMD Instinct MI300X OAM', 'MI300X', 192],
  ['8x H100', 'H100', null],
  ['NVIDIA A10G Tensor Core GPU', 'A10G', 24],
]

describe('GPU names', () => {
  it.each(spellings)('%s', (raw, name, vramGiB) => {
    expect(normaliseGpu(raw)).toMatchObject({ name, vramGiB, known: true })
  })

  it('lets the memory decide between models of one name', () => {
    expect(normaliseGpu('RTX 6000', 48).name).toBe('RTX 6000 Ada')
    expect(normaliseGpu('RTX 6000', 24).name).toBe('RTX 6000')
    expect(normaliseGpu('A100 SXM4', 39.4)).toMatchObject({ vramGiB: 39.4, form: 'SXM' })
  })

  it('keeps what it does not know, and never takes a slice for a card', () => {
    expect(normaliseGpu('Foo 9000')).toMatchObject({ name: 'FOO 9000', known: false, vendor: null })
    expect(normaliseGpu('NVIDIA A100 80GB MIG 1g.10gb').known).toBe(false)
  })

  it('matches what a user types', () => {
    expect(gpuMatcher('h100')({ name: 'H100', vramGiB: 80 })).toBe(true)
    expect(gpuMatcher('A100-80')({ name: 'A100', vramGiB: 79.6 })).toBe(true)
    expect(gpuMatcher('A100-80')({ name: 'A100', vramGiB: 40 })).toBe(false)
    expect(gpuMatcher('4090')({ name: 'RTX 4090', vramGiB: 24 })).toBe(true)
    expect(gpuMatcher('h10')({ name: 'H100', vramGiB: 80 })).toBe(false)
    expect(gpuMatcher('my odd card')({ name: 'My-Odd Card', vramGiB: 3 })).toBe(true)
    expect(gpuMatcher('L4')({ name: 'L40', vramGiB: 48 })).toBe(false)
  })

  it('suggests the likely one', () => {
    expect(suggestGpu('h1000')).toBe('H100')
    expect(suggestGpu('rtx 4900')).toMatch(/^RTX 4/)
    expect(suggestGpu('Wombat', ['Wombat 2'])).toBe('Wombat 2')
    expect(suggestGpu('zzzzzzz')).toBeUndefined()
  })

  it('keeps its own names, whatever case and blanks', () => {
    const names = fc.constantFrom(...gpuCatalogue.map((model) => model.name))
    fc.assert(
      fc.property(names, fc.boolean(), fc.constantFrom(' ', '-', '_', ''), (name, low, joint) => {
        const typed = name.split(' ').join(joint)
        expect(normaliseGpu(low ? typed.toLowerCase() : typed).name).toBe(name)
      }),
    )
    fc.assert(fc.property(fc.string(), (raw) => void normaliseGpu(raw)))
  })
})
