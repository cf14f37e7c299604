import type { Misbehaviour, Operation } from '../../conformance/subject.ts'

/** A misbehaviour that strikes a request. */
export type RequestFault = Extract<Misbehaviour, { readonly operation: Operation }>

/** The request faults that are planted and have not struck yet. */
export class FaultBoard {
  #planted: RequestFault[] = []

  plant(fault: RequestFault): void {
    this.#planted.push(fault)
  }

  /** The first that means one of these operations; it is off the board then, unless it is `always`. */
  take(operations: readonly Operation[]): RequestFault | null {
    const index = this.#planted.findIndex(({ operation }) => operations.includes(operation))
    const fault = this.#planted[index]
    if (fault === undefined) return null
    if (!('always' in fault)) this.#planted.splice(index, 1)
    return fault
  }

  clear(): void {
    this.#planted = []
  }
}
