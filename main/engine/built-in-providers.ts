import { awsProvider } from '../providers/aws/provider.ts'
import { digitalOceanProvider } from '../providers/digitalocean/provider.ts'
import type { HostConnector } from '../providers/host/connector.ts'
import { HostProvider } from '../providers/host/host-provider.ts'
import { lambdaProvider } from '../providers/lambda/provider.ts'
import { paperspaceProvider } from '../providers/paperspace/provider.ts'
import type { Provider } from '../providers/provider.ts'
import { runpodProvider } from '../providers/runpod/provider.ts'
import { sandboxProvider } from '../providers/sandbox/provider.ts'
import { vastProvider } from '../providers/vast/provider.ts'

/** Every provider of this build: one appears in the whole app by its line here. */
export function builtInProviders(hosts: HostConnector): readonly Provider[] {
  return [
    sandboxProvider(),
    new HostProvider(hosts),
    awsProvider(),
    lambdaProvider(),
    digitalOceanProvider(),
    paperspaceProvider(),
    runpodProvider(),
    vastProvider(),
  ]
}
