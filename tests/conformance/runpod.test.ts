import { runpodProvider } from '../../main/providers/runpod/provider.ts'
import { runpodSpec } from '../support/clouds/runpod-spec.ts'
import { RunpodWorld } from '../support/clouds/runpod-world.ts'
import { fakeCloudSubject } from './fake-cloud-subject.ts'
import { describeProviderConformance } from './suite.ts'

describeProviderConformance(
  fakeCloudSubject({
    name: 'runpod',
    credentials: { apiKey: 'rpa_canary_0123456789abcdef' },
    world: (clock) => new RunpodWorld(clock),
    provider: (baseUrl, requestTimeoutMs) => runpodProvider({ baseUrl, requestTimeoutMs }),
    rentable: ({ machineType }) => machineType === 'secure/NVIDIA A40',
    spec: runpodSpec,
  }),
)
