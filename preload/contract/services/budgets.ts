/** The procedures about budgets. */
export const budgetsService = {} as const
