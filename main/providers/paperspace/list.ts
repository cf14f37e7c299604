import type { Billable } from '../../../preload/contract/rental.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Account } from '../provider.ts'
import { rowsOf } from './api.ts'
import { machineRow } from './instance.ts'
import { addressRow, driveRow, keptRow } from './kept-rows.ts'
import {
  addressesSchema,
  drivesSchema,
  keptSchema,
  machinesSchema,
  type WireMachine,
} from './wire.ts'

/** The machines that there are. */
export async function* machines(api: HttpApi, signal: AbortSignal): AsyncGenerator<WireMachine> {
  for await (const machine of rowsOf(api, machinesSchema, '/machines', {}, signal)) {
    if (machine.dtDeleted === null) yield machine
  }
}

/** What Sublet may have made here that is billed: machines, and the addresses that they have. */
export async function* listRented(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  for await (const machine of machines(api, signal)) yield machineRow(machine, account)
  for await (const address of rowsOf(api, addressesSchema, '/public-ips', {}, signal))
    yield addressRow(address, account)
}

const kept = ['/snapshots', '/custom-templates', '/private-networks'] as const

/** Everything of machines that is billed. Notebooks, deployments and subscriptions are not told. */
export async function* listBillables(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  yield* listRented(api, account, signal)
  for await (const drive of rowsOf(api, drivesSchema, '/shared-drives', {}, signal)) {
    if (!drive.dtDeleted) yield driveRow(drive, account)
  }
  for (const path of kept) {
    for await (const one of rowsOf(api, keptSchema, path, {}, signal)) {
      if (!one.dtDeleted) yield keptRow(one, path.slice(1), account)
    }
  }
}
