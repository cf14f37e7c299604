import { expect, it } from 'vitest'
import { instanceOf, machineRow } from '../../../main/providers/vast/instance.ts'
import { wireInstanceSchema } from '../../../main/providers/vast/wire.ts'
import { newRentalId } from '../../support/rent.ts'

const account = { id: 'a', providerId: 'vast', name: 'mine', credentials: {}, settings: {} }
const rentalId = newRentalId()

const machine = (change: Readonly<Record<string, unknown>> = {}) =>
  wireInstanceSchema.parse({
    id: 12,
    label: `${rentalId} home`,
    actual_status: 'running',
    intended_status: 'running',
    cur_state: 'running',
    next_state: 'running',
    public_ipaddr: '203.0.113.4\n',
    ports: { '22/tcp': [{ HostIp: '0.0.0.0', HostPort: '41022' }], '8080/udp': null },
    dph_base: 0.334,
    dph_total: 0.34525,
    storage_total_cost: 0.01125,
    ...change,
  })

it.each([
  [{}, 'running'],
  [{ actual_status: null }, 'pending'],
  [{ actual_status: 'created', status_msg: 'pulling' }, 'pending'],
  [{ actual_status: 'loading' }, 'pending'],
  [{ actual_status: 'heard of later' }, 'pending'],
  [{ actual_status: 'created', status_msg: 'x: OCI runtime create failed: y' }, 'failed'],
  [{ actual_status: 'exited', status_msg: null }, 'failed'],
  [{ actual_status: 'unknown' }, 'failed'],
  [{ actual_status: 'offline' }, 'failed'],
  // Stopped while it is told to run: it waits for its GPU.
  [{ actual_status: 'loading', cur_state: 'stopped' }, 'pending'],
  [{ actual_status: 'exited', cur_state: 'stopped', next_state: 'stopped' }, 'gone'],
  [{ actual_status: 'exited', cur_state: 'stopped', intended_status: 'stopped' }, 'gone'],
] as const)('takes %j for a machine that is %s', (change, state) => {
  const instance = instanceOf(rentalId, machine(change))
  expect(instance.state).toBe(state)
  expect(instance.message ?? 'Nothing.').toMatch(/\.$/)
  expect(instance.ssh === null).toBe(state !== 'running')
})

it('reaches a machine only at its own address, never through the relay', () => {
  const relay = { ssh_host: 'ssh5.vast.ai', ssh_port: 10_600 }
  expect(instanceOf(rentalId, machine(relay)).ssh).toMatchObject({
    host: '203.0.113.4',
    port: 41_022,
  })
  for (const ports of [null, undefined, {}, [8080, 8081]])
    expect(instanceOf(rentalId, machine({ ...relay, ports })).ssh).toBeNull()
})

it('lists a machine with its disk, and a stopped one as its disk alone', () => {
  expect(machineRow(machine(), account)).toMatchObject({
    kind: 'machine',
    rentalId,
    homeId: 'home',
    microsPerHour: 345_250,
  })
  const stopped = { actual_status: 'exited', cur_state: 'stopped', next_state: 'stopped' }
  expect(machineRow(machine(stopped), account)).toMatchObject({
    kind: 'disk',
    rentalId,
    belongsTo: '12',
    microsPerHour: 11_250,
  })
  expect(machineRow(machine({ label: 'of somebody' }), account)).toMatchObject({
    rentalId: null,
    homeId: null,
    name: 'of somebody',
  })
})
