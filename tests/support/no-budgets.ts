import type { SpendRoom } from '../../main/jobs/budget-room.ts'

/** For tests in which no budget of a day or a month is set. */
export const noBudgets: SpendRoom = {
  carries: ({ most }) => ({ endBy: most, limit: null, others: [] }),
  isKept: () => true,
  tightest: () => null,
}
