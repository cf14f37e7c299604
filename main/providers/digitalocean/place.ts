import type { CloudPlace } from '../http/place.ts'

/** Its real address. */
export const realPlace: CloudPlace = {
  baseUrl: 'https://api.digitalocean.com/v2',
  sshPort: 22,
  requestTimeoutMs: 30_000,
}
