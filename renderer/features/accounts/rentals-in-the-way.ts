import type { SubletError } from '../../../main/domain/errors.ts'

export interface RentalInTheWay {
  readonly rentalId: string
  readonly jobId: string | null
  readonly jobName: string | null
}

/** The rentals that an account's removal was refused for, as the error's details name them. */
export function rentalsInTheWay({ extras }: SubletError): readonly RentalInTheWay[] {
  const listed = extras.details?.['rentals']
  if (!Array.isArray(listed)) return []
  return listed.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null || !('rentalId' in one)) return []
    const { rentalId } = one
    if (typeof rentalId !== 'string') return []
    return [{ rentalId, jobId: textOf(one, 'jobId'), jobName: textOf(one, 'jobName') }]
  })
}

function textOf(from: object, key: string): string | null {
  const value: unknown = Reflect.get(from, key)
  return typeof value === 'string' ? value : null
}
