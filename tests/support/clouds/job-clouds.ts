import { lambdaProvider } from '../../../main/providers/lambda/provider.ts'
import type { JobCloud } from './job-through-cloud.ts'
import { LambdaWorld } from './lambda-world.ts'

const requestTimeoutMs = 10_000

/** Every provider that has a fake of its API, and what a whole job rents there. */
export const jobClouds: readonly JobCloud[] = [
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
]
