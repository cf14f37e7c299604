import { offerColumns, type OfferColumn } from '../../../preload/contract/offer-view.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { columnDefs } from './offer-columns.tsx'
import { defaultLook } from './offers-memory.ts'

/** Which columns are in sight. The GPU always is; the cost to finish comes with its job. */
export function ColumnsMenu(props: {
  readonly columns: readonly OfferColumn[]
  readonly onColumns: (columns: readonly OfferColumn[]) => void
}) {
  const { columns, onColumns } = props
  const order = columnDefs.map(({ id }) => id)
  const inOrder = (chosen: ReadonlySet<OfferColumn>): OfferColumn[] =>
    order.filter((id) => chosen.has(id))
  return (
    <Menu
      trigger={<Button look="quiet">Columns</Button>}
      entries={[
        ...columnDefs
          .filter(({ id }) => id !== 'gpu' && id !== 'finish')
          .map(({ id, name }) => ({
            kind: 'check' as const,
            label: name,
            checked: columns.includes(id),
            onChange: (checked: boolean) => {
              const chosen = new Set(columns)
              if (checked) chosen.add(id)
              else chosen.delete(id)
              onColumns(inOrder(chosen))
            },
          })),
        { kind: 'line' },
        {
          kind: 'item',
          label: 'Back to the first choice',
          onSelect: () =>
            onColumns(
              inOrder(new Set(offerColumns.filter((id) => defaultLook.columns.includes(id)))),
            ),
        },
      ]}
    />
  )
}
