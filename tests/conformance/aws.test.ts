import { awsProvider } from '../../main/providers/aws/provider.ts'
import { AwsWorld } from '../support/clouds/aws-world.ts'
import { fakeCloudSubject } from './fake-cloud-subject.ts'
import { describeProviderConformance } from './suite.ts'

describeProviderConformance(
  fakeCloudSubject({
    name: 'aws',
    credentials: {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'canary+wJalrXUtnFEMI/K7MDENG/bPxRfi',
      sessionToken: 'canary-token-of-this-test',
      region: 'us-east-1',
    },
    world: (clock) => new AwsWorld(clock),
    provider: (url, requestTimeoutMs) =>
      awsProvider({
        endpoint: url,
        ownAddressUrl: `${url}/own-address`,
        imageOwner: '898082745236',
        sshPort: 22,
        requestTimeoutMs,
      }),
    rentable: ({ machineType, region }) => machineType === 'g4dn.xlarge' && region === 'us-east-1',
  }),
)
