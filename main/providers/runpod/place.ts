import type { CloudPlace } from '../http/place.ts'

/** Each pod has an SSH port of its own, which the API tells. */
export type RunpodPlace = Omit<CloudPlace, 'sshPort'>

/** Its real address. */
export const realPlace: RunpodPlace = {
  baseUrl: 'https://api.runpod.io',
  requestTimeoutMs: 30_000,
}
