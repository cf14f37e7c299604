import { join } from 'node:path'
import type { Billable } from '../../preload/contract/rental.ts'
import type { Provider, ProviderSession } from '../../main/providers/provider.ts'
import { SubletError } from '../../main/domain/errors.ts'
import { sandboxProvider } from '../../main/providers/sandbox/provider.ts'

export const rightKey = 'tc_right_0123456789abcdef'
export const wrongKey = 'tc_wrong_0123456789abcdef'

/** Names that a test may look for; the second is another Sublet's, the third nobody's. */
export const otherSublets = 'sublet-01k8yyyyyyyyyyyyyyyyyyyyyy'

const unused = async (): Promise<never> => {
  throw new Error('This test rents nothing.')
}

/** The sandbox without its program: it has nothing. Given to an engine, it takes the sandbox's place. */
export const nothing: Provider = {
  ...sandboxProvider(),
  connect: () => ({
    check: async () => ({ ok: true, identity: '', message: 'Fine.', balanceMicros: null }),
    offers: async function* () {},
    list: async function* () {},
    launch: unused,
    describe: unused,
    release: unused,
  }),
}

/**
 * A cloud with credentials (several fields, secret and not, one with pattern and link) whose
 * machines are the sandbox's. It accepts `rightKey`, and shows two machines that are not ours.
 */
export function testCloud(machines: Provider = sandboxProvider()): Provider {
  const gone = new Set<string>()
  return {
    about: {
      id: 'testcloud',
      name: 'Test Cloud',
      simulated: false,
      consoleLink: 'https://cloud.example/machines',
      credentialFields: [
        {
          name: 'project',
          label: 'Project',
          secret: false,
          help: 'The project that pays, as in the address of its page.',
          pattern: '[a-z][a-z0-9-]{2,30}',
          placeholder: 'vision-lab',
        },
        {
          name: 'apiKey',
          label: 'API key',
          secret: true,
          help: 'It starts with tc_ and is shown once, when you make it.',
          pattern: 'tc_[A-Za-z0-9_]{12,}',
          placeholder: 'tc_…',
          link: 'https://cloud.example/keys',
          environmentVariable: 'TEST_CLOUD_API_KEY',
        },
      ],
    },
    capabilities: {
      ...machines.capabilities,
      releaseBillable: 'Test Cloud ends by id only what it names itself.',
      selfTermination: 'A machine of Test Cloud has no command that ends it.',
    },
    connect: (account, context) => {
      const sandbox = machines.connect(account, {
        ...context,
        stateDir: join(context.stateDir, '..', 'sandbox'),
      })
      const refuseWrongKey = (): void => {
        if (account.credentials['apiKey'] === rightKey) return
        throw new SubletError('auth', refusal)
      }
      const strangers = (): Billable[] =>
        [
          strange(account.id, 'm-7', otherSublets, otherSublets),
          strange(account.id, 'm-9', 'jupyter-box', null),
        ].filter((one) => !gone.has(one.nativeId))
      const session: ProviderSession = {
        check: async () => {
          const ok = account.credentials['apiKey'] === rightKey
          const project = account.credentials['project'] ?? ''
          return {
            ok,
            identity: `ada@example.org, project ${project}`,
            message: ok ? 'The key may list, start and end machines.' : refusal,
            balanceMicros: ok ? 37_420_000 : null,
          }
        },
        offers: (query, signal) => {
          refuseWrongKey()
          return sandbox.offers(query, signal)
        },
        launch: (request, signal) => sandbox.launch(request, signal),
        describe: (rental, signal) => sandbox.describe(rental, signal),
        list: async function* (signal) {
          refuseWrongKey()
          yield* sandbox.list(signal)
          yield* strangers()
        },
        release: async (rental, signal) => {
          if (rental.instanceId !== 'm-7') return await sandbox.release(rental, signal)
          gone.add('m-7')
          return {
            kind: 'receipt',
            receipt: {
              rentalId: rental.rentalId,
              providerId: 'testcloud',
              accountId: account.id,
              instanceId: 'm-7',
              confirmedAt: context.clock.now(),
              billedFrom: null,
              billedTo: null,
              billedMicros: null,
              evidence: [{ asked: 'DELETE m-7', answered: 'gone', at: context.clock.now() }],
            },
          }
        },
      }
      return sandbox.expiry === undefined ? session : { ...session, expiry: sandbox.expiry }
    },
  }
}

const refusal =
  'Test Cloud does not know this API key: make a new one on its page of keys and paste it here.'

function strange(
  accountId: string,
  nativeId: string,
  name: string,
  rentalId: Billable['rentalId'],
): Billable {
  return {
    kind: 'machine',
    providerId: 'testcloud',
    accountId,
    nativeId,
    name,
    rentalId,
    homeId: rentalId === null ? null : 'another-home',
    state: 'running',
    region: 'eu-1',
    microsPerHour: 1_290_000 as Billable['microsPerHour'],
    createdAt: null,
  }
}
