import type { CloudPlace } from '../http/place.ts'

/** Its real address. */
export const realPlace: CloudPlace = {
  baseUrl: 'https://cloud.lambda.ai/api/v1',
  sshPort: 22,
  requestTimeoutMs: 30_000,
}
