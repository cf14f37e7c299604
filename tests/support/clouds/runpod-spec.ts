import type { FakeCloudOptions } from './fake-cloud.ts'

/** RunPod's official description of its API. */
export const runpodSpec: NonNullable<FakeCloudOptions['spec']> = {
  file: 'runpod-rest-v2-openapi-2026-08-20.json',
  exceptions: {
    'POST /graphql is not described': 'RunPod’s older API, asked for the credit alone.',
  },
}
