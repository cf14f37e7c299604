import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLogger } from '../../../main/domain/logger.ts'
import type { RentalRecord } from '../../../main/domain/rental/record.ts'
import { SshRentalMachines } from '../../../main/engine/rental-machines.ts'
import { sweepRentals } from '../../../main/engine/sweep-rentals.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'

const open = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzz1'
const released = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzz2'
const unknown = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzz3'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sublet-sweep-'))
})
afterEach(() => rmSync(home, { recursive: true }))

test('only rentals that may still live keep their key', async () => {
  const paths = new HomePaths(home)
  const phases = new Map([
    [open, 'up'],
    [released, 'released'],
  ])
  const parts = {
    paths,
    journal: {
      knowsRental: (id: string) => phases.has(id),
      rental: (id: string) => ({ phase: phases.get(id) }) as RentalRecord,
    },
    machines: new SshRentalMachines(paths, () => undefined),
    log: silentLogger,
  }
  await sweepRentals(parts)
  for (const name of [open, released, unknown, 'notes']) {
    mkdirSync(join(paths.rentals, name), { recursive: true })
    writeFileSync(join(paths.rentals, name, 'id_ed25519'), 'key')
  }
  await sweepRentals(parts)
  expect(readdirSync(paths.rentals).toSorted()).toEqual(['notes', open])
  expect(existsSync(paths.rentalKey(open))).toBe(true)
})
