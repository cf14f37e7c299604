import { describe, expect, test } from 'vitest'
import { readTorchPin, type TorchPin } from '../../../main/domain/environment/torch-pin.ts'
import { imageTorchFits, torchWarnings } from '../../../main/domain/environment/torch-warnings.ts'
import { factsOf } from '../../support/machine-facts.ts'

function requirements(text: string): TorchPin | null {
  return readTorchPin({ requirementsTxt: text, pyproject: null })
}

function machine(driver: string, capability: string, name = 'GPU X') {
  return factsOf({
    driverVersion: driver,
    gpus: [{ index: 0, vendor: 'nvidia', name, vramMib: 1, computeCapability: capability }],
  })
}

describe('the torch pin', () => {
  test.each<[string, TorchPin | null]>([
    ['numpy\n# torch==1.0\n', null],
    ['torchvision==0.19\npytorch-lightning\n', null],
    ['torch', { version: null, cuda: null }],
    ['torch>=2.1 # fast', { version: null, cuda: null }],
    ['numpy\ntorch == 2.4.0\n', { version: '2.4.0', cuda: null }],
    ['torch==2.4.*', { version: '2.4', cuda: null }],
    ['torch==2.1.2+cu118', { version: '2.1.2', cuda: '11.8' }],
    ['torch[opt]~=2.6.0; python_version>"3.8"', { version: '2.6.0', cuda: null }],
    [
      '--extra-index-url https://download.pytorch.org/whl/cu121\ntorch==2.3.1',
      { version: '2.3.1', cuda: '12.1' },
    ],
  ])('%j', (text, pin) => {
    expect(requirements(text)).toEqual(pin)
  })

  test('in pyproject.toml', () => {
    const read = (pyproject: string) => readTorchPin({ requirementsTxt: null, pyproject })
    expect(read('[project]\ndependencies = ["numpy>=1", "torch==2.5.1"]')?.version).toBe('2.5.1')
    expect(read('[tool.poetry.dependencies]\ntorch = "2.2.0"\n')?.version).toBe('2.2.0')
    expect(read('[tool.poetry.dependencies]\ntorch = "^2.2.0"\n')).toEqual({
      version: null,
      cuda: null,
    })
    expect(read('[project]\nname = "torch-tools"\n')).toBe(null)
  })
})

describe('torch against GPU and driver', () => {
  test.each([
    // A pin from 2023 on a Blackwell card: no kernel image.
    ['torch==2.3.1', '570.86', '12.0', /no code for GPU X \(compute capability 12.0\).*cu128/],
    ['torch==2.6.0', '570.86', '10.0', /no code/],
    ['torch==2.7.0', '570.86', '12.0', /CUDA 12\.6 has no code/],
    ['torch==1.12.1', '535.1', '8.0', /CUDA 10\.2 has no code/],
    ['torch==2.0.1', '535.1', '9.0', /CUDA 11\.7 has no code/],
    // Old cards and new wheels.
    ['torch==2.9.0', '570.86', '6.1', /cu126/],
    ['torch==2.11.0', '580.1', '7.0', /no code/],
    // Drivers.
    [
      'torch==2.4.0',
      '470.57',
      '8.0',
      /CUDA 12\.1, which needs an NVIDIA driver from 525 on; this machine has 470\.57/,
    ],
    ['torch', '550.54', '9.0', /The newest torch is built for CUDA 13.* from 580 on/],
  ])('%s, driver %s, capability %s: warns', (text, driver, capability, sentence) => {
    const warnings = torchWarnings(requirements(text), machine(driver, capability))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(sentence)
  })

  test.each([
    ['torch==2.3.1', '535.1', '8.9'],
    ['torch==2.3.1', '535.1', '9.0'],
    ['torch==2.7.0+cu128', '570.86', '12.0'],
    ['torch==2.8.0', '570.86', '12.0'],
    ['torch==2.9.1', '570.86', '7.0'],
    ['torch==2.10.0', '550.54', '8.0'],
    ['torch==2.0.1+cu118', '535.1', '9.0'],
    ['torch', '580.65', '10.3'],
    ['numpy', '470.57', '12.0'],
  ])('%s, driver %s, capability %s: fits', (text, driver, capability) => {
    expect(torchWarnings(requirements(text), machine(driver, capability))).toEqual([])
  })

  test('the torch of the image counts when it answers the pin', () => {
    const facts = { ...machine('550.54', '9.0'), torch: { version: '2.4.0+cu121', cuda: '12.1' } }
    expect(torchWarnings(requirements('torch'), facts)).toEqual([])
    expect(imageTorchFits(requirements('torch==2.4'), facts)).toBe(true)
    expect(imageTorchFits(requirements('torch==2.5.0'), facts)).toBe(false)
    expect(imageTorchFits(requirements('torch==2.4.0+cu118'), facts)).toBe(false)
    const plain = { ...facts, torch: { version: '2.4.0+cpu', cuda: null } }
    expect(torchWarnings(requirements('torch'), plain)[0]).toMatch(/without CUDA/)
  })
})
