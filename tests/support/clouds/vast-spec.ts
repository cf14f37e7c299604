import type { FakeCloudOptions } from './fake-cloud.ts'

/** Vast.ai's official description, and where it is known to be wrong. */
export const vastSpec: NonNullable<FakeCloudOptions['spec']> = {
  file: 'vast-openapi-2026-08-07.yaml',
  exceptions: {
    'GET /api/v0/instances/{id} answer 200/instances/ports must be array':
      '"Show instances" describes the map of ports that dstack and the official client read here too.',
    'GET /api/v0/instances/{id} answer 200/instances must be object':
      'The official client reads null for an instance that is not known.',
    'GET /api/v0/volumes query': 'The official client sends `owner` and `type`.',
    'DELETE /api/v0/volumes query id': 'The official client sends the id in the query.',
  },
}
