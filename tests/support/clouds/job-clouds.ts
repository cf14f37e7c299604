import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { awsProvider } from '../../../main/providers/aws/provider.ts'
import { digitalOceanProvider } from '../../../main/providers/digitalocean/provider.ts'
import { paperspaceProvider } from '../../../main/providers/paperspace/provider.ts'
import { runpodProvider } from '../../../main/providers/runpod/provider.ts'
import { vastProvider } from '../../../main/providers/vast/provider.ts'
import { AwsWorld } from './aws-world.ts'
import { digitalOceanSpec } from './digitalocean-answers.ts'
import { DigitalOceanWorld } from './digitalocean-world.ts'
import { runpodSpec } from './runpod-spec.ts'
import { paperspaceSpec } from './paperspace-shapes.ts'
import { PaperspaceWorld } from './paperspace-world.ts'
import { podIdOf, podKeyOf, RunpodWorld } from './runpod-world.ts'
import { vastSpec } from './vast-spec.ts'
import { VastWorld } from './vast-world.ts'
import { lambdaProvider } from '../../../main/providers/lambda/provider.ts'
import type { Provider } from '../../../main/providers/provider.ts'
import type { JobCloud } from './job-through-cloud.ts'
import { LambdaWorld } from './lambda-world.ts'

const requestTimeoutMs = 10_000

/** Every provider that has a fake of its API, and what a whole job rents there. */
export const jobClouds: readonly JobCloud[] = [
  {
    id: 'aws',
    credentials: {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'canary+wJalrXUtnFEMI/K7MDENG/bPxRfi',
    },
    open: (clock, sshPort) => {
      const world = new AwsWorld(clock)
      return {
        world,
        provider: (endpoint) =>
          keepingOn(
            awsProvider({
              endpoint,
              ownAddressUrl: `${endpoint}/own-address`,
              imageOwner: '898082745236',
              sshPort,
              requestTimeoutMs,
            }),
          ),
        left: () => world.things.groups,
      }
    },
    wants: { machineType: 'g4dn.xlarge', region: 'us-east-1', spot: false },
    gpu: { name: 'Tesla T4', memoryMiB: 15_360 },
  },
  {
    id: 'lambda',
    credentials: { apiKey: 'secret_canary_0123456789abcdef' },
    open: (clock, sshPort) => {
      const world = new LambdaWorld(clock)
      return {
        world,
        provider: (url) => lambdaProvider({ baseUrl: `${url}/api/v1`, sshPort, requestTimeoutMs }),
        left: () => world.keys,
      }
    },
    wants: { machineType: 'gpu_1x_a10' },
    gpu: { name: 'NVIDIA A10', memoryMiB: 23_028 },
    spec: { file: 'lambda-openapi-1.10.0.json' },
  },
  {
    id: 'digitalocean',
    credentials: { token: 'dop_v1_canary0123456789abcdef0123456789abcdef' },
    open: (clock, sshPort) => {
      const world = new DigitalOceanWorld(clock)
      return {
        world,
        provider: (url) =>
          digitalOceanProvider({ baseUrl: `${url}/v2`, sshPort, requestTimeoutMs }),
        left: () => world.keys.all,
      }
    },
    wants: { machineType: 'gpu-4000adax1-20gb' },
    gpu: { name: 'NVIDIA RTX 4000 Ada Generation', memoryMiB: 20_475 },
    spec: digitalOceanSpec,
  },
  {
    id: 'runpod',
    credentials: { apiKey: 'rpa_canary_0123456789abcdef' },
    open: (clock, sshPort) => ({
      world: Object.assign(new RunpodWorld(clock), { sshPort }),
      provider: (baseUrl) => runpodProvider({ baseUrl, requestTimeoutMs }),
    }),
    wants: { machineType: 'secure/NVIDIA A40' },
    gpu: { name: 'NVIDIA A40', memoryMiB: 46_068 },
    spec: runpodSpec,
    // It is the world's first pod.
    environment: { RUNPOD_API_KEY: podKeyOf(podIdOf(1)) },
  },
  {
    id: 'vast',
    credentials: { apiKey: 'canary0123456789abcdef0123456789abcdef' },
    open: (clock, sshPort) => ({
      world: Object.assign(new VastWorld(clock), { sshPort }),
      provider: (baseUrl) => vastProvider({ baseUrl, requestTimeoutMs }),
    }),
    wants: { machineType: '1x-rtx-4090-m1001' },
    gpu: { name: 'NVIDIA GeForce RTX 4090', memoryMiB: 24_564 },
    spec: vastSpec,
    // Its first start keeps the container's variables there; it is the world's first machine.
    furnish: (home) =>
      writeFile(
        join(home, '.sublet-vast'),
        'CONTAINER_ID=12345001\nCONTAINER_API_KEY=container-12345001\n',
      ),
  },
  {
    id: 'paperspace',
    credentials: { apiKey: 'canary0123456789abcdef0123456789' },
    open: (clock, sshPort) => {
      const world = new PaperspaceWorld(clock)
      return {
        world,
        provider: (url) => paperspaceProvider({ baseUrl: `${url}/v1`, sshPort, requestTimeoutMs }),
        left: () => world.scripts,
      }
    },
    wants: { machineType: 'A4000', region: 'ny2' },
    gpu: { name: 'NVIDIA RTX A4000', memoryMiB: 16_376 },
    spec: { ...paperspaceSpec, prefix: '/v1' },
  },
]

/** A machine of EC2 ends itself by switching itself off, which this computer must not. */
function keepingOn(provider: Provider): Provider {
  const connect: Provider['connect'] = (...how) =>
    Object.assign(provider.connect(...how), { selfTerminateCommand: () => ': switched off' })
  return { ...provider, connect }
}
