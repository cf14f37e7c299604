import type { Clock } from '../../../main/domain/clock.ts'
import type { Planted } from '../../conformance/subject.ts'
import { MachineWorld } from './machine-world.ts'
import { FakeMachines, type FakeMachine } from './fake-machines.ts'
import type { FakeAnswer, FakeRequest, RefusalKind } from './fake-server.ts'
import type { FakeWorld } from './fake-cloud.ts'
import {
  missing,
  newId,
  ok,
  paged,
  plain,
  refusal,
  removed,
  session,
  templates,
  wireAddress,
  wireDrive,
  wireEvent,
  wireMachine,
  wireScript,
} from './paperspace-shapes.ts'

interface Facts {
  readonly type: string
  readonly region: string
  readonly diskSize: number
  readonly scriptId: string | null
  readonly templateId: string
  /** Its address stays after it. */
  readonly leavesAddress: boolean
}

interface Script {
  readonly id: string
  readonly name: string
  readonly script: string
}

const states = {
  booting: 'provisioning',
  running: 'ready',
  failed: 'provisioning',
  ending: 'stopping',
  ended: 'off',
} as const

/** Paperspace's API, as far as it is described: templates, scripts, machines and what they leave. */
export class PaperspaceWorld extends MachineWorld<Facts> implements FakeWorld {
  readonly machines: FakeMachines<Facts>
  readonly scripts: Script[] = []
  readonly worldFaults = [
    'invisible',
    'lingering',
    'slow-release',
    'leftover-address',
    'never-boots',
    'boot-fails',
  ] as const
  /** Where its machines answer; a test's own sshd. */
  address = '127.0.0.1'
  /** Whether a machine that is on cannot be deleted, as the documentation has it. */
  insistsOnOff = false
  /** What a machine says that it costs, in US dollars an hour; else as on the price page. */
  usageRate: number | null = null
  /** Types and regions that are not to be had, as `A4000 ca1`. */
  readonly unavailable = new Set(['A4000 ca1'])
  /** False: the key is nobody's, which the API says with an empty session. */
  signedIn = true
  readonly #clock: Clock
  readonly #stopped = new Set<string>()
  readonly #addresses: { readonly ip: string; readonly machineId: string | null }[] = []
  readonly #drives: { readonly id: string; readonly name: string }[] = []

  constructor(clock: Clock) {
    super()
    this.#clock = clock
    this.machines = new FakeMachines(clock, { bootMs: 2_000, newId: () => newId('ps') })
  }

  operationsOf({ method, path }: FakeRequest) {
    switch (`${method} ${plain(path)}`) {
      case 'GET /auth/session':
        return ['check'] as const
      case 'GET /os-templates':
        return ['offers'] as const
      case 'POST /machines':
        return ['launch'] as const
      case 'GET /machines/ID':
        return ['describe'] as const
      case 'GET /machines':
        return ['list'] as const
      case 'DELETE /machines/ID':
        return ['release'] as const
      default:
        return []
    }
  }

  answer({ method, path, query, headers, body }: FakeRequest): FakeAnswer {
    if (!/^Bearer .+$/.test(String(headers['authorization']))) return this.refusal('bad-key')
    const steps = path.split('/')
    const id = steps[3] ?? ''
    const asked = body as Readonly<Record<string, unknown>>
    switch (`${method} ${plain(path)}`) {
      case 'GET /auth/session':
        return ok(this.signedIn ? session : null)
      case 'GET /os-templates':
        return paged(templates, query)
      case 'GET /machine-availability': {
        const pair = `${query.get('machineType')} ${query.get('region')}`
        return ok({ available: !this.unavailable.has(pair) })
      }
      case 'GET /startup-scripts': {
        const named = this.scripts.filter(({ name }) => name.includes(query.get('name') ?? ''))
        return paged(
          named.map((one) => wireScript(one.id, one.name)),
          query,
        )
      }
      case 'POST /startup-scripts': {
        const script = {
          id: newId('ss'),
          name: String(asked['name']),
          script: String(asked['script']),
        }
        this.scripts.push(script)
        return ok(wireScript(script.id, script.name))
      }
      case 'DELETE /startup-scripts/ID':
        return removed(this.scripts, (script) => script.id === id, wireScript(id, ''))
      case 'GET /machines':
        return paged(
          this.machines.listed().map((machine) => this.#wire(machine)),
          query,
        )
      case 'POST /machines':
        return this.#launch(asked)
      case 'GET /machines/ID': {
        const machine = this.machines.byId(id)
        return machine === undefined ? missing : ok(this.#wire(machine))
      }
      case 'DELETE /machines/ID':
        return this.#delete(id)
      case 'PATCH /machines/ID/stop':
        return this.#stop(id)
      case 'GET /machine-events':
        return this.#events(query)
      case 'GET /public-ips':
        return paged(this.#addresses.map(wireAddress), query)
      case 'DELETE /public-ips/ID':
        return removed(this.#addresses, ({ ip }) => ip === id, { ip: id })
      case 'GET /shared-drives':
        return paged(
          this.#drives.map((one) => wireDrive(one.id, one.name)),
          query,
        )
      case 'DELETE /shared-drives/ID':
        return removed(this.#drives, (drive) => drive.id === id, { id })
      case 'GET /snapshots':
      case 'GET /custom-templates':
      case 'GET /private-networks':
        return paged([], query)
      default:
        return missing
    }
  }

  refusal(kind: RefusalKind): FakeAnswer {
    return refusal(kind)
  }

  plant(what: Planted): string | null {
    if (what.kind === 'spot-request') return null
    if (what.kind === 'disk') {
      this.#drives.push({ id: newId('sd'), name: what.name })
      return this.#drives.at(-1)?.id ?? null
    }
    if (what.kind === 'address') {
      this.#addresses.push({ ip: '203.0.113.48', machineId: null })
      return '203.0.113.48'
    }
    const name = what.kind === 'copy' ? what.of.rentalId : what.name
    const facts = { type: 'A4000', region: 'ny2', diskSize: 100, scriptId: null, templateId: 'x' }
    return this.machines.launch(name, { ...facts, leavesAddress: false }).id
  }

  #launch(body: Readonly<Record<string, unknown>>): FakeAnswer {
    const leavesAddress = this.machines.take('leftover-address') !== undefined
    const machine = this.machines.launch(String(body['name']), {
      type: String(body['machineType']),
      region: String(body['region']),
      diskSize: Number(body['diskSize']),
      scriptId: (body['startupScriptId'] ?? null) as string | null,
      templateId: String(body['templateId']),
      leavesAddress,
    })
    if (leavesAddress) this.#addresses.push({ ip: '203.0.113.49', machineId: machine.id })
    return this.#changed(machine, 'create')
  }

  #delete(id: string): FakeAnswer {
    const machine = this.machines.listed().find((one) => one.id === id)
    if (machine === undefined) return missing
    if (this.insistsOnOff && !this.#stopped.has(id))
      return { status: 400, body: { code: 'BAD_REQUEST', message: 'Turn the machine off first' } }
    this.machines.end(machine)
    return this.#changed(machine, 'deactivate')
  }

  #stop(id: string): FakeAnswer {
    const machine = this.machines.byId(id)
    if (machine === undefined) return missing
    this.#stopped.add(id)
    return this.#changed(machine, 'stop')
  }

  #changed(machine: FakeMachine<Facts>, name: string): FakeAnswer {
    const event = wireEvent(machine.id, name, 'new', null, this.#clock.now())
    return ok({ event, data: this.#wire(machine) })
  }

  #events(query: URLSearchParams): FakeAnswer {
    const machine = this.machines.byId(query.get('machineId') ?? '')
    if (machine === undefined) return paged([], query)
    const state = this.machines.stateOf(machine)
    const shown = state === 'failed' ? 'error' : state === 'booting' ? 'in progress' : 'done'
    const error = state === 'failed' ? '214: machine stuck provisioning' : null
    return paged([wireEvent(machine.id, 'create', shown, error, machine.createdAt)], query)
  }

  #wire(machine: FakeMachine<Facts>) {
    const { id, name, facts, createdAt, endAskedAt } = machine
    const state = this.machines.shownStateOf(machine)
    const isOff = this.#stopped.has(id) && state === 'running'
    const said = this.usageRate === null ? {} : { usageRate: this.usageRate }
    const machineRow = wireMachine({
      id,
      name,
      type: facts.type,
      region: facts.region,
      diskSize: facts.diskSize,
      state: isOff ? 'off' : states[state],
      address: state === 'running' && !isOff ? this.address : null,
      createdAt,
      deletedAt: state === 'ended' ? endAskedAt : null,
    })
    return { ...machineRow, ...said }
  }
}
