import { digitalOceanProvider } from '../../main/providers/digitalocean/provider.ts'
import { digitalOceanSpec } from '../support/clouds/digitalocean-answers.ts'
import { DigitalOceanWorld } from '../support/clouds/digitalocean-world.ts'
import { fakeCloudSubject } from './fake-cloud-subject.ts'
import { describeProviderConformance } from './suite.ts'

describeProviderConformance(
  fakeCloudSubject({
    name: 'digitalocean',
    credentials: { token: 'dop_v1_canary0123456789abcdef0123456789abcdef' },
    world: (clock) => new DigitalOceanWorld(clock),
    provider: (url, requestTimeoutMs) =>
      digitalOceanProvider({ baseUrl: `${url}/v2`, sshPort: 22, requestTimeoutMs }),
    rentable: ({ machineType }) => machineType === 'gpu-4000adax1-20gb',
    spec: digitalOceanSpec,
  }),
)
