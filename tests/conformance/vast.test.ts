import { vastProvider } from '../../main/providers/vast/provider.ts'
import { VastWorld } from '../support/clouds/vast-world.ts'
import { vastSpec } from '../support/clouds/vast-spec.ts'
import { fakeCloudSubject } from './fake-cloud-subject.ts'
import { describeProviderConformance } from './suite.ts'

describeProviderConformance(
  fakeCloudSubject({
    name: 'vast',
    credentials: { apiKey: 'canary0123456789abcdef0123456789abcdef' },
    world: (clock) => new VastWorld(clock),
    provider: (baseUrl, requestTimeoutMs) => vastProvider({ baseUrl, requestTimeoutMs }),
    rentable: ({ machineType }) => machineType === '1x-rtx-4090-m1001',
    spec: vastSpec,
  }),
)
