import { lambdaProvider } from '../../main/providers/lambda/provider.ts'
import { LambdaWorld } from '../support/clouds/lambda-world.ts'
import { fakeCloudSubject } from './fake-cloud-subject.ts'
import { describeProviderConformance } from './suite.ts'

describeProviderConformance(
  fakeCloudSubject({
    name: 'lambda',
    credentials: { apiKey: 'secret_canary_0123456789abcdef' },
    world: (clock) => new LambdaWorld(clock),
    provider: (url, requestTimeoutMs) =>
      lambdaProvider({ baseUrl: `${url}/api/v1`, sshPort: 22, requestTimeoutMs }),
    rentable: ({ machineType }) => machineType === 'gpu_1x_a10',
    spec: { file: 'lambda-openapi-1.10.0.json' },
  }),
)
