import type { ReactNode } from 'react'
import type { OfferColumn, OfferRow } from '../../../preload/contract/offer-view.ts'
import { formatDuration, formatMicrosPerHour } from '../../../main/domain/format.ts'
import { Tag } from '../../ui/tag.tsx'
import {
  availability,
  bare,
  egress,
  finish,
  increment,
  money,
  percent,
  PriceAge,
  provider,
  region,
  unknown,
} from './offer-cells.tsx'

/** One column: its words, its place, and what it shows of a row. */
export interface ColumnDef {
  readonly id: OfferColumn
  readonly header: string
  /** In the column chooser and in the comparison; says the unit. */
  readonly name: string
  readonly widthPx: number
  readonly right?: true
  readonly cell: (row: OfferRow) => ReactNode
  /** The same where no header says the unit. */
  readonly full?: (row: OfferRow) => ReactNode
}

/** Every column in its order. The first one always stays in sight. */
export const columnDefs: readonly ColumnDef[] = [
  {
    id: 'gpu',
    header: 'GPU',
    name: 'GPU',
    widthPx: 146,
    cell: ({ offer }) => offer.gpu?.name ?? 'no GPU',
  },
  {
    id: 'count',
    header: '×',
    name: 'GPUs in the machine',
    widthPx: 34,
    right: true,
    cell: ({ offer }) => offer.gpu?.count ?? unknown,
  },
  {
    id: 'vram',
    header: 'VRAM',
    name: 'Memory of one GPU',
    widthPx: 64,
    right: true,
    cell: ({ offer }) => (offer.gpu === null ? unknown : `${offer.gpu.vramGiB} GB`),
  },
  {
    id: 'finish',
    header: 'To finish',
    name: 'Cost to finish the chosen job',
    widthPx: 124,
    right: true,
    cell: finish,
  },
  {
    id: 'perHour',
    header: '$/h',
    name: 'Price per hour',
    widthPx: 60,
    right: true,
    cell: ({ offer }) => bare(offer.microsPerHour),
    full: ({ offer: { microsPerHour, reservedMicrosPerHour: reserved } }) =>
      reserved === undefined
        ? formatMicrosPerHour(microsPerHour)
        : `${formatMicrosPerHour(microsPerHour)}; ${formatMicrosPerHour(reserved)} if reserved for a year`,
  },
  {
    id: 'perGpuHour',
    header: '$/GPU-h',
    name: 'Price per GPU and hour',
    widthPx: 80,
    right: true,
    cell: ({ microsPerGpuHour }) => (microsPerGpuHour === null ? unknown : bare(microsPerGpuHour)),
    full: ({ microsPerGpuHour }) =>
      microsPerGpuHour === null ? unknown : formatMicrosPerHour(microsPerGpuHour),
  },
  { id: 'provider', header: 'Provider', name: 'Provider', widthPx: 130, cell: provider },
  { id: 'region', header: 'Region', name: 'Region', widthPx: 82, cell: region },
  {
    id: 'spot',
    header: 'Spot',
    name: 'Spot or on demand',
    widthPx: 60,
    cell: ({ offer }) => (offer.spot ? <Tag tone="burn">spot</Tag> : ''),
    full: ({ offer }) => (offer.spot ? 'spot' : 'on demand'),
  },
  {
    id: 'availability',
    header: 'Available',
    name: 'Availability',
    widthPx: 74,
    cell: ({ offer }) => availability(offer),
  },
  {
    id: 'reliability',
    header: 'Reliable',
    name: 'Rentals that end as wanted',
    widthPx: 68,
    right: true,
    cell: ({ offer }) => (offer.reliability === undefined ? unknown : percent(offer.reliability)),
  },
  {
    id: 'increment',
    header: 'Billed by',
    name: 'Billing increment and minimum',
    widthPx: 104,
    cell: ({ offer }) => increment(offer),
  },
  {
    id: 'egress',
    header: 'Egress',
    name: 'Traffic out, per GB',
    widthPx: 58,
    right: true,
    cell: ({ offer }) => egress(offer),
  },
  {
    id: 'perTflopHour',
    header: '$/TFLOP-h',
    name: 'Price per TFLOPS (dense FP16 or BF16) and hour',
    widthPx: 90,
    right: true,
    cell: (row) => (row.microsPerTflopHour === null ? unknown : money(row.microsPerTflopHour)),
  },
  {
    id: 'perBandwidthHour',
    header: '$/GB/s-h',
    name: 'Price per GB/s of GPU memory bandwidth and hour',
    widthPx: 90,
    right: true,
    cell: (row) =>
      row.microsPerBandwidthHour === null ? unknown : money(row.microsPerBandwidthHour),
  },
  {
    id: 'vcpus',
    header: 'vCPU',
    name: 'vCPUs',
    widthPx: 58,
    right: true,
    cell: ({ offer }) => offer.vcpus ?? unknown,
  },
  {
    id: 'memory',
    header: 'Memory',
    name: 'Memory of the machine',
    widthPx: 82,
    right: true,
    cell: ({ offer }) => (offer.memoryGiB === null ? unknown : `${offer.memoryGiB} GB`),
  },
  {
    id: 'disk',
    header: 'Disk',
    name: 'Disk',
    widthPx: 82,
    right: true,
    cell: ({ offer }) => `${offer.diskGiB} GB`,
  },
  {
    id: 'boot',
    header: 'Boots in',
    name: 'Expected boot time',
    widthPx: 80,
    right: true,
    cell: ({ offer }) => formatDuration(offer.expectedBootMs),
  },
  {
    id: 'arch',
    header: 'CPU type',
    name: 'Processor architecture',
    widthPx: 76,
    cell: ({ offer }) => (offer.arch === 'arm64' ? 'arm64' : 'x86-64'),
  },
  {
    id: 'age',
    header: 'Price age',
    name: 'Age and source of the price',
    widthPx: 86,
    right: true,
    cell: ({ offer }) => <PriceAge offer={offer} />,
  },
]

const byId = new Map(columnDefs.map((def) => [def.id, def]))

/** The definition of a column. */
export function columnDef(id: OfferColumn): ColumnDef {
  const def = byId.get(id)
  if (def === undefined) throw new Error(`There is no column ${id}.`)
  return def
}
