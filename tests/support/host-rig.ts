import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SshHostConnector } from '../../main/machine/ssh/host-connector.ts'
import { HostProvider } from '../../main/providers/host/host-provider.ts'
import { storedHostSettings } from '../../main/providers/host/settings.ts'
import type { LaunchRequest, ProviderSession, RentalRef } from '../../main/providers/provider.ts'
import { offerSchema, type Offer } from '../../preload/contract/offer.ts'
import type { RentalId } from '../../preload/contract/rental.ts'
import { collect } from './collect.ts'
import { installFakeNvidiaSmi } from './fake-nvidia-smi.ts'
import { memoryPins } from './host-key-pins.ts'
import { startSshd, type SshdOptions, type TestSshd } from './sshd.ts'

export const signal = AbortSignal.timeout(300_000)
/** Shells of this machine that a host may have. */
export const shells = ['/bin/dash', '/bin/bash', '/usr/bin/busybox sh'].filter((shell) => {
  if (existsSync(shell.split(' ')[0] ?? '')) return true
  process.stderr.write(`SKIPPED: ${shell} is not installed.\n`)
  return false
})
const h100 = { name: 'NVIDIA H100 80GB HBM3', memoryMiB: 81_559 }

/** The n-th rental of a test. */
export function rentalId(n: number): RentalId {
  return `sublet-01jd0000000000000000000${String(n).padStart(3, '0')}`
}

/** How that rental is found again. */
export function ref(n: number, seen = false): RentalRef {
  return { rentalId: rentalId(n), instanceId: null, launchedAt: 0, seen, region: 'lab' }
}

/** A server with a simulated nvidia-smi; the caller stops it. */
export async function startHost(gpus: number, options: SshdOptions = {}): Promise<TestSshd> {
  const sshd = await startSshd(options)
  if (gpus > 0)
    await installFakeNvidiaSmi(
      sshd.home,
      Array.from({ length: gpus }, () => h100),
    )
  return sshd
}

/** A session of the provider for that server, at $4 an hour. */
export async function session(
  sshd: TestSshd,
  { homeId = 'home-a', trusted }: { homeId?: string; trusted?: readonly string[] } = {},
): Promise<ProviderSession> {
  const places = { home: join(sshd.home, '..', 'no-such-home'), localUser: sshd.user }
  const provider = new HostProvider(new SshHostConnector(memoryPins(), places), 200)
  const settings = storedHostSettings({
    address: `${sshd.user}@127.0.0.1:${sshd.port}`,
    identityFile: sshd.privateKeyPath,
    rateMicrosPerHour: 4_000_000,
    hostKeys: trusted ?? (await sshd.hostKeys()),
  })
  const account = { id: 'acc', providerId: 'host', name: 'lab', credentials: {}, settings }
  return provider.connect(account, {
    clock: { now: () => 1000, sleep: async () => undefined, realMs: (durationMs) => durationMs },
    homeId,
    stateDir: join(sshd.home, '..'),
    environment: {},
    log: () => undefined,
  })
}

/** All offers, checked against the contract. */
export async function offersOf(host: ProviderSession): Promise<Offer[]> {
  const offers = await collect(host.offers({}, signal))
  return offers.map((offer) => offerSchema.parse(offer))
}

/** A launch of the n-th rental. */
export function request(n: number, offer: Offer): LaunchRequest {
  return {
    rentalId: rentalId(n),
    offer,
    environment: { kind: 'machine' },
    publicKey: 'ssh-ed25519 AAAA',
    endBy: 0,
    diskGiB: 1,
    maxMicrosPerHour: 10_000_000,
  }
}

/** The offer of that many GPUs. */
export async function offerOf(host: ProviderSession, count: number): Promise<Offer> {
  const offer = (await offersOf(host)).find(({ gpu }) => gpu?.count === count)
  if (offer === undefined) throw new Error(`no offer of ${count}`)
  return offer
}
