import { paperspaceProvider } from '../../main/providers/paperspace/provider.ts'
import { paperspaceSpec } from '../support/clouds/paperspace-shapes.ts'
import { PaperspaceWorld } from '../support/clouds/paperspace-world.ts'
import { fakeCloudSubject } from './fake-cloud-subject.ts'
import { describeProviderConformance } from './suite.ts'

describeProviderConformance(
  fakeCloudSubject({
    name: 'paperspace',
    credentials: { apiKey: 'canary0123456789abcdef0123456789' },
    world: (clock) => new PaperspaceWorld(clock),
    provider: (url, requestTimeoutMs) =>
      paperspaceProvider({ baseUrl: `${url}/v1`, sshPort: 22, requestTimeoutMs }),
    rentable: ({ machineType, region }) => machineType === 'A4000' && region === 'ny2',
    spec: { ...paperspaceSpec, prefix: '/v1' },
  }),
)
