import type { Effect, Operation as SandboxOperation } from '../../sandbox-cloud/faults.ts'
import { sandboxAccount } from '../../main/providers/sandbox/provider.ts'
import { sandboxStatus } from '../../main/providers/sandbox/status.ts'
import { testSandbox } from '../support/sandbox.ts'
import type { SandboxControl } from '../support/sandbox.ts'
import type { ConformanceWorld, Misbehaviour, Operation } from './subject.ts'
import { describeProviderConformance } from './suite.ts'

const operationNames: Readonly<Record<Operation, SandboxOperation>> = {
  check: 'account',
  offers: 'offers',
  launch: 'launch',
  describe: 'describe',
  list: 'list',
  release: 'release',
}

async function misbehave(control: SandboxControl, what: Misbehaviour): Promise<void> {
  switch (what.kind) {
    case 'reclaim':
      return control.machine(what.rentalId, 'reclaim', { noticeMs: what.noticeMs })
    case 'vanish':
      return control.machine(what.rentalId, 'vanish')
    case 'invisible':
    case 'lingering':
    case 'slow-release':
    case 'leftover-disk':
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
      await misbehave(sandbox.control, what)
      return true
    },
    behave: () => sandbox.control.clearFaults(),
    liveMachines: async () => (await sandboxStatus(sandbox.stateDir)).machines,
    close: () => sandbox.stop(),
  }
}

describeProviderConformance({ name: 'sandbox', open })
