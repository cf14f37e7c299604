import { writeFile } from 'node:fs/promises'
import { ownPlaces, SshHostConnector } from '../../machine/ssh/host-connector.ts'
import { builtInProviders } from '../built-in-providers.ts'
import { KnownHostsPins } from '../known-hosts-pins.ts'
import { providersPage } from './page.ts'

// `npm run docs:providers`: nothing connects, so the pins are never read.
const hosts = new SshHostConnector(new KnownHostsPins(''), ownPlaces())
await writeFile(
  new URL('../../../docs/providers.md', import.meta.url),
  providersPage(builtInProviders(hosts)),
)
