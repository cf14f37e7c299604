import type { FakeMachines, WorldFault } from './fake-machines.ts'

/** What every fake cloud does alike with its machines, whatever its API looks like. */
export abstract class MachineWorld<Facts> {
  abstract readonly machines: FakeMachines<Facts>

  plantFault(fault: WorldFault): void {
    this.machines.plant(fault)
  }

  clearFaults(): void {
    this.machines.clear()
  }

  /** A cloud that takes machines back with a notice says otherwise. */
  reclaim(_rentalId: string, _noticeMs: number): boolean {
    return false
  }

  vanish(rentalId: string): void {
    this.machines.end(this.machines.ofRental(rentalId))
  }

  live(): number {
    return this.machines.live()
  }
}
