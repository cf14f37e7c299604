import type { Effect, Operation as SandboxOperation } from '../../sandbox-cloud/faults.ts'
import { sandboxAccount } from '../../main/providers/sandbox/provider.ts'
import { sandboxStatus } from '../../main/providers/sandbox/status.ts'
import { testSandbox } from '../support/sandbox.ts'
import type { SandboxControl } from '../support/sandbox.ts'
import { newLoginKey } from '../support/rent.ts'
import type { ConformanceWorld, Misbehaviour, Operation, Planted } from './subject.ts'
import { describeProviderConformance } from './suite.ts'

const operationNames: Readonly<Record<Operation, SandboxOperation>> = {
  check: 'account',
  offers: 'offers',
  launch: 'launch',
  describe: 'describe',
  list: 'list',
  release: 'release',
}

type SandboxMisbehaviour = Exclude<
  Misbehaviour,
  { readonly kind: 'truncated' | 'new-fields' | 'slow' }
>

async function misbehave(control: SandboxControl, what: SandboxMisbehaviour): Promise<void> {
  switch (what.kind) {
    case 'reclaim':
      return control.machine(what.rentalId, 'reclaim', { noticeMs: what.noticeMs })
    case 'vanish':
      return control.machine(what.rentalId, 'vanish')
    case 'invisible':
    case 'lingering':
    case 'slow-release':
    case 'leftover-disk':
    case 'leftover-address':
    case 'leftover-spot-request':
    case 'never-boots':
    case 'boot-fails':
      return control.fault(what)
    case 'server-error':
    case 'no-answer':
    case 'disconnect': {
      const kind = (
        { 'server-error': 'error', 'no-answer': 'timeout', disconnect: 'disconnect' } as const
      )[what.kind]
      return control.fault({ kind, when: what.when }, { operation: operationNames[what.operation] })
    }
    case 'rate-limit': {
      const effect: Effect = { kind: 'rate-limit', retryAfterMs: what.retryAfterMs }
      return control.fault(effect, { operation: operationNames[what.operation] })
    }
    case 'garbage':
      return control.fault({ kind: 'garbage' }, { operation: operationNames[what.operation] })
    case 'bad-key':
    case 'permission':
    case 'quota':
    case 'no-capacity':
    case 'price-moved':
      return control.fault(
        { kind: what.kind },
        { operation: operationNames[what.operation], remaining: what.always === true ? null : 1 },
      )
  }
}

async function plant(control: SandboxControl, what: Planted): Promise<string> {
  if (what.kind === 'copy') {
    const { offer, publicKey, rentalId } = what.of
    return await control.plantMachine({
      name: rentalId,
      type: offer.machineType,
      region: offer.region,
      publicKey,
    })
  }
  const { kind, name } = what
  if (kind !== 'machine') return await control.plantExtra({ kind, name, microsPerHour: 5_000 })
  const { publicKey } = newLoginKey()
  return await control.plantMachine({
    name,
    type: 't4-1',
    region: 'us-east',
    publicKey,
  })
}

async function open(): Promise<ConformanceWorld> {
  const requestTimeoutMs = 1500
  const sandbox = testSandbox({ speed: 20, requestTimeoutMs })
  return {
    provider: sandbox.provider,
    account: sandboxAccount,
    context: sandbox.context,
    requestTimeoutMs,
    rentable: (offer) => offer.machineType === 't4-1' && offer.region === 'us-east',
    misbehave: async (what) => {
      if (what.kind === 'truncated' || what.kind === 'new-fields' || what.kind === 'slow')
        return false
      await misbehave(sandbox.control, what)
      return true
    },
    plant: (what) => plant(sandbox.control, what),
    behave: () => sandbox.control.clearFaults(),
    liveMachines: async () => (await sandboxStatus(sandbox.stateDir)).machines,
    close: () => sandbox.stop(),
  }
}

describeProviderConformance({ name: 'sandbox', open })
