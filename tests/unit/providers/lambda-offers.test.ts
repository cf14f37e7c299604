import { expect, test } from 'vitest'
import { offerOf } from '../../../main/providers/lambda/offers.ts'

const account = { id: 'a', providerId: 'lambda', name: 'mine', credentials: {}, settings: {} }

/** Names, descriptions and prices as Lambda answered in December 2025. */
const rows = [
  ['gpu_1x_h100_pcie', 'H100 (80 GB PCIe)', 1, 249, 'H100', 80, 'x86_64'],
  ['gpu_8x_h100_sxm5', 'H100 (80 GB SXM5)', 8, 2392, 'H100', 80, 'x86_64'],
  ['gpu_1x_gh200', 'GH200 (96 GB)', 1, 149, 'GH200', 96, 'arm64'],
  ['gpu_8x_b200_sxm6', 'B200 (180 GB SXM6)', 8, 3992, 'B200', 180, 'x86_64'],
  ['gpu_8x_v100', 'Tesla V100 (16 GB)', 8, 440, 'V100', 16, 'x86_64'],
  ['gpu_1x_rtx6000', 'RTX 6000 (24 GB)', 1, 50, 'RTX 6000', 24, 'x86_64'],
  ['gpu_1x_a6000', 'A6000 (48 GB)', 1, 80, 'RTX A6000', 48, 'x86_64'],
] as const

test.each(rows)('%s is read as it is', (name, description, gpus, cents, gpu, vramGiB, arch) => {
  const specs = { vcpus: 26, memory_gib: 200, storage_gib: 1024, gpus }
  const type = { name, gpu_description: description, price_cents_per_hour: cents, specs }
  expect(offerOf(type, 'us-west-3', account, 5)).toMatchObject({
    id: `lambda:a:${name}:us-west-3:od`,
    gpu: { name: gpu, vendor: 'nvidia', count: gpus, vramGiB },
    arch,
    microsPerHour: cents * 10_000,
    spot: false,
  })
})

test('a machine without GPU has none, and one whose GPU nobody can tell is no offer', () => {
  const specs = { vcpus: 4, memory_gib: 16, storage_gib: 64, gpus: 0 }
  const cpu = { name: 'cpu_4x_general', gpu_description: 'N/A', price_cents_per_hour: 8, specs }
  expect(offerOf(cpu, 'us-east-1', account, 5)?.gpu).toBeNull()
  const unknown = { ...cpu, gpu_description: 'New thing', specs: { ...specs, gpus: 1 } }
  expect(offerOf(unknown, 'us-east-1', account, 5)).toBeNull()
})
