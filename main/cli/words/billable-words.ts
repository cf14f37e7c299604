import { sumBillables } from '../../domain/billable-sums.ts'
import { formatAge, formatMicrosPerHour, formatMicrosPerMonth } from '../../domain/format.ts'
import { sumWords } from '../../domain/radar/words.ts'
import type { Api } from '../api.ts'
import { inertLine } from '../format/inert.ts'
import { type Column, tableLines } from '../format/table.ts'

export type Instances = Awaited<ReturnType<Api['instances']['list']>>
export type Instance = Instances['billables'][number]

const useWords: Readonly<Record<Instance['use'], string>> = {
  'in-use': 'in use',
  releasing: 'being released',
  unused: 'NOT USED',
  stranger: 'not ours',
}

/** The table of everything that costs money, and the sentences below it. */
export function instanceLines({ billables, accounts }: Instances, now: number): string[] {
  const waiting = billables.flatMap((one) => (one.releasing === null ? [] : [one]))
  const unused = billables.filter(({ use }) => use === 'unused')
  return [
    ...tableLines(billables, columns(now)),
    ...waiting.map(
      (one) =>
        `${nameOf(one)} is being released since ${formatAge(one.releasing?.since ?? now, now)}: ${inertLine(one.releasing?.sentence ?? '')}`,
    ),
    ...unused.map((one) => `${nameOf(one)}: ${inertLine(one.releaseSentence)}`),
    ...accounts.flatMap(({ accountName, fetchedAt, problem }) =>
      problem === null || fetchedAt === null
        ? []
        : [`What ${inertLine(accountName)} lists was read ${formatAge(fetchedAt, now)}.`],
    ),
    totalLine(billables),
  ]
}

/** `Together $0.80/h, $584.00/month (730 h).` Practice money is never added to real money. */
export function totalLine(billables: readonly Instance[]): string {
  const real = billables.filter(({ simulated }) => !simulated)
  const practice = billables.filter(({ simulated }) => simulated)
  const parts = [
    ...(real.length === 0 ? [] : [sumWords(sumBillables(real))]),
    ...(practice.length === 0 ? [] : [`${sumWords(sumBillables(practice))} (simulated)`]),
  ]
  return `Together ${parts.join('; ')}.`
}

/** What it is called: ours by the rental, the rest by its name, or its id where it has none. */
export function nameOf({ rentalId, name, nativeId }: Instance): string {
  return inertLine(rentalId ?? (name === '' ? nativeId : name))
}

function columns(now: number): Column<Instance>[] {
  return [
    { title: 'NAME', value: nameOf },
    { title: 'KIND', value: (one) => one.kind },
    { title: 'STATE', value: (one) => inertLine(one.state) },
    {
      title: 'PRICE',
      right: true,
      value: ({ microsPerHour }) =>
        microsPerHour === null ? 'unknown' : formatMicrosPerHour(microsPerHour),
    },
    {
      title: 'A MONTH',
      right: true,
      value: ({ microsPerMonth }) =>
        microsPerMonth === null ? 'unknown' : formatMicrosPerMonth(microsPerMonth),
    },
    {
      title: 'STARTED',
      value: (one) => (one.createdAt === null ? '' : formatAge(one.createdAt, now)),
    },
    { title: 'ACCOUNT', value: (one) => inertLine(one.accountName) },
    { title: 'REGION', value: (one) => inertLine(one.region) },
    { title: 'USE', value: (one) => (one.releasing?.red ? 'NOT PROVEN GONE' : useWords[one.use]) },
    { title: 'JOB', value: (one) => one.jobId ?? '' },
    {
      title: 'READ',
      value: (one) => (one.fetchedAt === null ? 'journal' : formatAge(one.fetchedAt, now)),
    },
    { title: '', value: (one) => (one.simulated ? '(simulated)' : '') },
  ]
}
