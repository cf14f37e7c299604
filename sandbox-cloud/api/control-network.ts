import { z } from 'zod'
import type { MachineHost } from '../machine/host.ts'
import type { Machines } from '../machines.ts'
import type { MachineRecord } from '../records.ts'
import { openLink, type Network } from '../ssh/link.ts'
import { notFound } from './errors.ts'
import type { Route } from './http.ts'

const ms = z.number().nonnegative()
const networkSchema = z.object({
  mode: z.enum(['open', 'refuse', 'stall', 'portal']).optional(),
  delayMs: ms.optional(),
  cutAfterBytes: z.int().positive().nullable().optional(),
  thenCutAfterBytes: z.array(z.int().positive()).optional(),
  /** Cut what is connected now. */
  drop: z.boolean().default(false),
  /** Back to normal after this much physical time. */
  forMs: ms.optional(),
})

/** `POST /control/machines/:id/ACTION`; what `handle` answers goes back, or `{done: true}`. */
export type MachineRoute = (
  action: string,
  handle: (record: MachineRecord, body: unknown) => unknown,
) => Route

/** What the control API can do to the network of a running machine, and what went over it. */
export function networkRoutes(parts: {
  readonly host: MachineHost
  readonly machines: Machines
  readonly machineRoute: MachineRoute
}): readonly Route[] {
  const { host, machines, machineRoute } = parts
  const networkOf = (record: MachineRecord): Network => {
    const network = host.network(record.id)
    if (network === null) throw notFound(`running machine ${record.id}`)
    return network
  }
  return [
    machineRoute('network', (record, body) => {
      const { drop, forMs, ...conditions } = networkSchema.parse(body)
      const network = networkOf(record)
      const given = Object.entries(conditions).filter(([, value]) => value !== undefined)
      network.set(Object.fromEntries(given))
      if (drop) network.dropAll()
      if (forMs !== undefined) setTimeout(() => network.set(openLink), forMs)
    }),
    machineRoute('traffic', (record) => networkOf(record).traffic),
    // The provider gives it another address: what was connected is cut, the host key stays.
    machineRoute('move', async (record) => {
      const port = await host.moveSsh(record.id)
      if (port === null) throw notFound(`running machine ${record.id}`)
      machines.update(record.id, { port })
    }),
  ]
}
